from importlib import import_module

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "apps.archives"

    def ready(self) -> None:
        import_module("apps.archives.receivers")
