from importlib import import_module

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "apps.generation"

    def ready(self) -> None:
        import_module("apps.generation.receivers")
