"""News from consents to the apps above."""

from django.dispatch import Signal

# Sent inside the transaction of the withdrawal; arguments: consent, by.
consent_withdrawn = Signal()
# Sent inside the transaction of the signature; argument: consent.
consent_granted = Signal()
