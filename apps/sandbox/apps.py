from django.apps import AppConfig
from django.core.checks import register

from apps.sandbox.checks import sandbox_may_run


class SandboxConfig(AppConfig):
    name = "apps.sandbox"
    verbose_name = "Payment sandbox"

    def ready(self) -> None:
        register(sandbox_may_run)
