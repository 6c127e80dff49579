"""News from the apps below: a twin that is gone leaves every board."""

from typing import Any

from django.dispatch import receiver

from apps.boards.models import Entry
from apps.twins.events import twin_erased
from apps.twins.models import Twin


@receiver(twin_erased, dispatch_uid="boards.twin_erased")
def forget(sender: type[Twin], twin: Twin, **_: Any) -> None:
    Entry.objects.filter(twin=twin).delete()
