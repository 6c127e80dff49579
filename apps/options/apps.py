from importlib import import_module

from django.apps import AppConfig


class OptionsConfig(AppConfig):
    name = "apps.options"

    def ready(self) -> None:
        import_module("apps.options.receivers")
