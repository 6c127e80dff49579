from importlib import import_module

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "apps.bookings"

    def ready(self) -> None:
        import_module("apps.bookings.receivers")
