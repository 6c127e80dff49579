"""News from the apps below, each answered by one service call."""

from typing import Any

from django.dispatch import receiver

from apps.common.refs import parse_ref
from apps.payments.events import charge_paid
from apps.payments.models import Charge
from apps.programmes import services
from apps.programmes.enqueue import after_commit
from apps.programmes.models import Order, Place
from apps.talent.events import mandate_signed
from apps.talent.models import Mandate
from apps.twins.events import twin_listed
from apps.twins.models import Twin


@receiver(charge_paid, dispatch_uid="programmes.charge_paid")
def fund_order(sender: type[Charge], charge: Charge, **_: Any) -> None:
    if charge.ref.startswith("order:"):
        services.fund(order=Order(pk=parse_ref(charge.ref, "order")), charge=charge)


@receiver(twin_listed, dispatch_uid="programmes.twin_listed")
def earn_place(sender: type[Twin], twin: Twin, **_: Any) -> None:
    """Afterwards and by itself: her approval never waits for the ledger."""
    for place in Place.objects.filter(talent=twin.talent_id, state=Place.State.ACCEPTED):
        after_commit("earn", place.pk)


@receiver(mandate_signed, dispatch_uid="programmes.mandate_signed")
def price_model(sender: type[Mandate], mandate: Mandate, **_: Any) -> None:
    services.price_by_the_programme(mandate=mandate)
