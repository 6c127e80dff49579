"""A hundred thousand twins in seconds: copies of one that brands may book."""

from django.db import connection

from apps.boards.models import Findable
from apps.common.vocabulary import Medium
from apps.consents.models import Consent, Purpose
from apps.organizations.models import Organization
from apps.pricing.models import DayRate
from apps.talent.models import Mandate
from apps.twins.models import Twin
from tests.factories import portal_people as people
from tests.factories.many import id_of, multiply, one_of

FIRST = "Noor Mateo Saga Inès Yuki Amara Lior Freya Tomás Zofia Anouk Bilal Céleste Dario Elif Farah".split()
LAST = "Achebe Ruiz Lindqvist Moreau Tanaka Diallo Stern Holm Rocha Nowak Visser Haddad Fontaine Greco".split()
BARRED = ["", "", Medium.TV, f"{Medium.OUT_OF_HOME},{Medium.TV}", Medium.PAID_SOCIAL]
BOARDS = ["women", "men", "open"]
NEEDED = (Purpose.GENERATE, Purpose.PUBLISH, Purpose.PROMOTE)
NAME = f"{one_of(FIRST)} || ' ' || {one_of(LAST, f'n / {len(FIRST)}')} || ' ' || n"
HEIGHT, RATE = "160 + mod(n, 40)", "100000 + mod(n, 900) * 100"
BARS = f"string_to_array({one_of(BARRED)}, ',')"


def many_twins(count: int, agencies: int = 20, first: int = 0) -> list[Organization]:
    """Answers the agencies. One twin in ten is paused, and so is the one that all are copied from; `first` is the
    number of the first one. The table in which they are found is worked out at once, as a mend does."""
    houses = [people.agency(f"House {number:03d}") for number in range(agencies)]
    pattern = people.twin("Pattern", of=houses[0])
    Twin.objects.filter(pk=pattern.pk).update(state=Twin.State.PAUSED)
    numbers = range(first, first + count)
    state = f"CASE mod(n, 10) WHEN 9 THEN '{Twin.State.PAUSED}' ELSE '{Twin.State.LISTED}' END"
    copies_of_twin(pattern, numbers, state=state, agency=f"{one_of([str(house.pk) for house in houses])}::uuid")
    _consents(pattern, numbers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT boards_refresh(ARRAY(SELECT talent_id FROM twins_twin))")
        cursor.execute("ANALYZE boards_findable, boards_word")
    return houses


def copies_of_twin(pattern: Twin, numbers: range, *, state: str = "", agency: str = "") -> None:
    """Models with rules, a day rate, mandates and twins, `many-<n>` in addresses; `state` and `agency` are expressions.

    Without consents: no brand may book them as long as nothing more is written of them.
    """
    talent, talent_id = pattern.talent, id_of("talent")
    multiply(
        talent, numbers, id=talent_id, stage_name=NAME, slug="'many-' || n", user_id="NULL", board=one_of(BOARDS),
        height_cm=HEIGHT,
    )  # fmt: skip
    multiply(talent.boundaries, numbers, talent_id=talent_id, barred_media=BARS)
    rate = DayRate.objects.get(talent_ref=talent.party)
    multiply(rate, numbers, talent_ref=f"'talent:' || {talent_id}", amount_minor=RATE)
    for mandate in Mandate.objects.filter(talent=talent):
        multiply(mandate, numbers, talent_id=talent_id, agency_id=agency or "original.agency_id")
    multiply(pattern, numbers, id=id_of("twin"), talent_id=talent_id, state=state or "original.state")


def copies_to_find(found: Findable, numbers: range) -> None:
    """Rows of the copies as the triggers would write them, of the same agencies as the pattern's."""
    multiply(
        found, numbers, twin_id=id_of("twin"), name=f"boards_plain({NAME})", board=one_of(BOARDS), height_cm=HEIGHT,
        words=f"' ' || boards_plain({NAME}) || substr(original.words, length(original.name) + 2)", rate_minor=RATE,
        barred_media=BARS,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO boards_word SELECT DISTINCT unnest(string_to_array(btrim(words), ' ')) FROM boards_findable"
            " ON CONFLICT DO NOTHING"
        )


def _consents(pattern: Twin, numbers: range) -> None:
    for purpose in NEEDED:
        consent = Consent.objects.select_related("signature").get(talent=pattern.talent, purpose=purpose)
        signature_id = id_of(f"signature {purpose}")
        multiply(consent.signature, numbers, id=signature_id)
        multiply(consent, numbers, talent_id=id_of("talent"), signature_id=signature_id)
