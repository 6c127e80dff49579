from importlib import import_module

from django.apps import AppConfig


class TwinsConfig(AppConfig):
    name = "apps.twins"

    def ready(self) -> None:
        import_module("apps.twins.receivers")
