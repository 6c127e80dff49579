"""News from bookings to the apps above."""

from django.dispatch import Signal

# Sent after the commit of every transition; arguments: booking, action, source, target.
booking_moved = Signal()
