from importlib import import_module

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "apps.boards"

    def ready(self) -> None:
        import_module("apps.boards.receivers")
