from django.apps import AppConfig


class RoyaltiesConfig(AppConfig):
    name = "apps.royalties"
