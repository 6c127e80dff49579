from importlib import import_module

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "apps.roster"

    def ready(self) -> None:
        import_module("apps.roster.receivers")
