from django.apps import AppConfig


class TwinsConfig(AppConfig):
    name = "apps.twins"
