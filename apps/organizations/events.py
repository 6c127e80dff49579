"""News from agencies and brands to the apps above. Sent inside the transaction that it tells of."""

from django.dispatch import Signal

# Staff found it to be what it says. Arguments: organization.
organization_checked = Signal()
