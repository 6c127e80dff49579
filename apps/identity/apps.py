from django.apps import AppConfig
from django.core.checks import register

from apps.identity.checks import provider_is_known


class IdentityConfig(AppConfig):
    name = "apps.identity"

    def ready(self) -> None:
        register(provider_is_known)
