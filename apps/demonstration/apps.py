from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class DemonstrationConfig(AppConfig):
    name = "apps.demonstration"

    def ready(self) -> None:
        if settings.DEMONSTRATION:
            import_module("apps.demonstration.entrances")
            import_module("apps.demonstration.guide")
