"""News for the apps above."""

from django.dispatch import Signal

# Sent with charge=Charge after the payment is committed, again and again until every receiver returned: receivers
# must do their work once however often they are told.
charge_paid = Signal()
