"""News from talent to the apps above. All are sent inside the transaction that they tell of."""

from django.dispatch import Signal

# She signed a mandate. Arguments: mandate.
mandate_signed = Signal()
