from importlib import import_module

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "apps.programmes"

    def ready(self) -> None:
        import_module("apps.programmes.receivers")
