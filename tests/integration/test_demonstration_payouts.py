"""A model and an agency of the demonstration can be paid, one model has begun, the rest have not."""

import pytest

from apps.demonstration.payouts import ACTIVE, BEGUN, load_payouts
from apps.demonstration.people import actor_of, load_parties, load_talent
from apps.demonstration.programme import PEOPLE
from apps.organizations.models import Organization
from apps.payments.models import PayoutAccount
from apps.sandbox.models import AccountLink, ConnectedAccount
from apps.talent.models import Talent

# The hosted page answers in this process and ends its own connection, as every request does.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])


def test_a_model_and_an_agency_can_be_paid_and_another_model_has_begun() -> None:
    load_parties()
    load_payouts(actor_of)
    elan = Organization.objects.get(slug="elan").party
    assert dict(PayoutAccount.objects.values_list("party", "state")) == {elan: "active"}, "whoever is there"

    for person in PEOPLE:
        if person.slug in (*ACTIVE, *BEGUN, "kai-lindgren"):
            load_talent(person)
    load_payouts(actor_of)
    load_payouts(actor_of)

    parties = {talent.slug: talent.party for talent in Talent.objects.all()}
    stand = dict(PayoutAccount.objects.values_list("party", "state"))
    assert stand == {elan: "active", parties["maya-okafor"]: "active", parties["noor-adel"]: "started"}
    assert ConnectedAccount.objects.count() == 3
    assert AccountLink.objects.get(used_at=None).account.display_name == "Noor Adel"
