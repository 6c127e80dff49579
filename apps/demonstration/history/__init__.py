"""The demonstration's past: half a year of bookings, told through the services under a clock that stands in the past.

See docs/decisions, "A past that was really made".
"""
