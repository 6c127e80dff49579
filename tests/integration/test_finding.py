"""The table in which twins are found says what the facts say, in the transaction that changes them, and by an index."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.boards import finding, mending
from apps.boards.cleared import bookable
from apps.boards.finding import Facets
from apps.boards.models import Findable, Word
from apps.common.vocabulary import Medium
from apps.consents.models import Consent, Purpose
from apps.organizations.models import Organization
from apps.pricing.models import DayRate
from apps.talent.models import Mandate
from apps.twins.models import Twin
from tests.factories import portal_people as people
from tests.factories.counting import with_few_and_many
from tests.factories.many_twins import many_twins


@pytest.fixture
def orsay(db: object) -> Organization:
    return people.brand("Maison Orsay")


def found(brand: Organization, words: str = "") -> list[str]:
    rows = finding.find(brand, Facets(words=words)).order_by("name").values_list("twin__talent__stage_name", flat=True)
    return list(rows)


def _pause(twin: Twin) -> None:
    Twin.objects.filter(pk=twin.pk).update(state=Twin.State.PAUSED)


def _retire(twin: Twin) -> None:
    Twin.objects.filter(pk=twin.pk).update(state=Twin.State.RETIRED)


def _withdraw(purpose: Purpose) -> Callable[[Twin], None]:
    def act(twin: Twin) -> None:
        Consent.objects.filter(talent=twin.talent, purpose=purpose).update(withdrawn_at=timezone.now())

    return act


def _consent_ends(twin: Twin) -> None:
    Consent.objects.filter(talent=twin.talent, purpose="publish").update(ends_at=timezone.now())


def _best_before(twin: Twin) -> None:
    Twin.objects.filter(pk=twin.pk).update(best_before=timezone.now().date() - timedelta(days=1))


def _bar_category(twin: Twin) -> None:
    twin.talent.boundaries.barred_categories = ["fashion"]
    twin.talent.boundaries.save()


def _bar_brand(twin: Twin) -> None:
    twin.talent.boundaries.barred_brands.add(Organization.objects.get(name="Maison Orsay"))


def _no_rate(twin: Twin) -> None:
    DayRate.objects.filter(talent_ref=twin.talent.party).delete()


def _no_rules(twin: Twin) -> None:
    twin.talent.boundaries.delete()


HIDES = {
    "paused": _pause,
    "retired": _retire,
    **{f"{purpose} withdrawn": _withdraw(purpose) for purpose in (Purpose.GENERATE, Purpose.PUBLISH, Purpose.PROMOTE)},
    "consent over": _consent_ends,
    "approval over": _best_before,
    "category barred": _bar_category,
    "brand barred": _bar_brand,
    "no day rate": _no_rate,
    "no rules": _no_rules,
}


@pytest.mark.parametrize("name", HIDES)
def test_what_hides_her_hides_her_in_the_same_transaction(orsay: Organization, name: str) -> None:
    noor = people.twin("Noor Achebe", of=people.agency())
    assert found(orsay) == ["Noor Achebe"]
    HIDES[name](noor)
    assert found(orsay) == []
    assert not bookable(orsay).exists()


def test_a_scan_or_training_consent_is_nothing_to_be_found_by(orsay: Organization) -> None:
    noor = people.twin("Noor Achebe")
    Consent.objects.filter(talent=noor.talent, purpose__in=["scan", "train"]).update(withdrawn_at=timezone.now())
    assert found(orsay) == ["Noor Achebe"]
    assert bookable(orsay).get() == noor


def test_what_brings_her_back_brings_her_back(orsay: Organization) -> None:
    noor = people.twin("Noor Achebe")
    _pause(noor)
    Twin.objects.filter(pk=noor.pk).update(state=Twin.State.LISTED)
    assert found(orsay) == ["Noor Achebe"]
    _bar_brand(noor)
    noor.talent.boundaries.barred_brands.clear()
    assert found(orsay) == ["Noor Achebe"]


def test_a_rolled_back_pause_hides_nobody(orsay: Organization) -> None:
    noor = people.twin("Noor Achebe")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _pause(noor)
        assert found(orsay) == []
        raise ZeroDivisionError
    assert found(orsay) == ["Noor Achebe"]


def test_a_last_day_of_approval_is_a_day_on_which_she_is_found(orsay: Organization) -> None:
    noor = people.twin("Noor Achebe")
    Twin.objects.filter(pk=noor.pk).update(best_before=timezone.now().date())
    assert found(orsay) == ["Noor Achebe"]
    assert bookable(orsay).get() == noor


@pytest.mark.parametrize(
    "words",
    ["noor", "NOOR achebe", "ache", "achbe", "ahcebe", "nooor acheeb", "elan", "Élan", "elan noor", "achebe noor"],
)
def test_accents_order_and_typos_are_forgiven(orsay: Organization, words: str) -> None:
    people.twin("Noor Achebe", of=people.agency("Élan Models"))
    people.twin("Mateo Ruiz", of=people.agency("Northlight"))
    assert found(orsay, words) == ["Noor Achebe"]


def test_a_renamed_model_and_a_renamed_agency_are_found_by_the_new_name(orsay: Organization) -> None:
    agency = people.agency("Élan Models")
    noor = people.twin("Noor Achebe", of=agency)
    noor.talent.stage_name = "Zélie Marchand"
    noor.talent.save()
    agency.name = "Studio Kvist"
    agency.save()
    assert found(orsay, "zelie kvist") == ["Zélie Marchand"]
    assert found(orsay, "achebe") == found(orsay, "elan") == []


def test_a_right_word_is_not_mixed_with_those_that_only_look_like_it(orsay: Organization) -> None:
    people.twin("Nora Berg")
    people.twin("Norah Lind")
    people.twin("Nara Holm")
    assert found(orsay, "nora") == ["Nora Berg", "Norah Lind"]


@pytest.mark.parametrize("words", ["%", "_", "'; --", "\\", "🙂", "a" * 500])
def test_no_text_breaks_the_search(orsay: Organization, words: str) -> None:
    people.twin("Noor Achebe")
    assert found(orsay, words) in (["Noor Achebe"], [])


def test_a_mistyped_word_means_every_word_that_is_near_it_and_the_beginning_of_one(orsay: Organization) -> None:
    people.twin("Norea Berg")
    people.twin("Nores Lind")
    people.twin("Norestan Holm")
    people.twin("Mateo Ruiz")
    assert found(orsay, "norex") == ["Norea Berg", "Nores Lind", "Norestan Holm"]


def test_the_words_are_those_of_the_twins(orsay: Organization) -> None:
    """A word whose last twin is gone proposes her nowhere at once, and is forgotten by the quarter of an hour."""
    noor = people.twin("Noor Achebe", of=people.agency("Élan Models"))
    people.twin("Noor Berg")
    _pause(noor)
    assert found(orsay, "achbe") == []
    assert mending.forget_words() == 3  # achebe, elan, models
    assert set(Word.objects.values_list("text", flat=True)) == {"noor", "berg"}
    Twin.objects.filter(pk=noor.pk).update(state=Twin.State.LISTED)
    assert found(orsay, "achbe") == ["Noor Achebe"]
    assert mending.forget_words() == 0


def test_what_she_wrote_of_her_looks_and_origin_finds_nobody(orsay: Organization) -> None:
    """Nobody is found by ethnicity or skin here, so free words about her are no search text."""
    people.twin("Noor Achebe", about="Nigerian and French", hair="black, coily", eyes="brown")
    for words in ("nigerian", "black", "coily", "brown"):
        assert found(orsay, words) == []


def test_a_mandate_that_ends_with_the_day_is_mended_and_nothing_else_was_wrong(orsay: Organization) -> None:
    agency = people.agency("Élan Models")
    noor = people.twin("Noor Achebe", of=agency)
    people.twin("Mateo Ruiz", of=agency)
    assert mending.mend_all() == 0
    with connection.cursor() as cursor:  # a night passes: the clock moves, and no row is written
        cursor.execute("SET session_replication_role = replica")
        yesterday = timezone.now().date() - timedelta(days=1)
        Mandate.objects.filter(talent=noor.talent).update(ends_on=yesterday)
        cursor.execute("SET session_replication_role = origin")
    assert Findable.objects.get(twin=noor).agencies == [agency.pk]
    assert mending.mend_of_today(timezone.now().date()) == 1
    assert Findable.objects.get(twin=noor).agencies == []
    assert found(orsay, "elan") == ["Mateo Ruiz"]


@pytest.mark.django_db(transaction=True)
def test_a_pause_and_a_new_rule_at_the_same_moment_leave_her_hidden() -> None:
    """The second to write waits for the first and sees what it did."""
    noor = people.twin("Noor Achebe")
    paused, waiting = threading.Event(), threading.Event()

    def change_rule() -> None:
        paused.wait(10)
        waiting.set()
        _bar_category(Twin.objects.select_related("talent__boundaries").get(pk=noor.pk))
        connection.close()

    other = threading.Thread(target=change_rule)
    other.start()
    with transaction.atomic():
        _pause(noor)
        paused.set()
        waiting.wait(10)
        other.join(0.5)
        assert other.is_alive()  # it waits for this transaction
    other.join(10)
    assert not Findable.objects.exists()


def plan_of(sql_of: Callable[[], object]) -> str:
    with CaptureQueriesContext(connection) as asked:
        sql_of()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        return "\n".join(row[0] for row in cursor.fetchall())


def settings_of(function: str) -> list[str]:
    """What a function sets for itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(proconfig) FROM pg_proc WHERE proname = %s", [function])
        return [row[0] for row in cursor.fetchall()]


def test_four_thousand_twins_are_found_by_indexes(orsay: Organization) -> None:
    houses = many_twins(4_000)
    assert len(found(orsay)) == 3_600
    for order, index in (("name", "by_name"), ("rate_minor", "by_rate"), ("-since", "by_age")):
        page = finding.find(orsay, Facets()).order_by(order, "pk").values_list("pk", flat=True)[:24]
        plan = plan_of(lambda page=page: list(page))
        assert f"findable_{index}" in plan and "Seq Scan" not in plan, plan
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in settings_of("boards_meant"):
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute("EXPLAIN SELECT twin_id FROM boards_findable WHERE words LIKE '% lindqvist%'")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "findable_words" in plan and "Seq Scan" not in plan, plan
    page = finding.in_order(finding.find(orsay, Facets(words="noor")), "name", words="noor")
    plan = plan_of(lambda: list(page.values_list("pk", flat=True)[:24]))
    assert "findable_words" in plan and "findable_by_name" not in plan, plan
    plan = plan_of(lambda: list(finding.of_agency(houses[0], "")))
    assert "findable_agencies" in plan, plan


def test_counts_are_those_of_counting_one_by_one(orsay: Organization) -> None:
    houses = many_twins(600, agencies=4)
    wanted = Facets(words="noor", media=["tv"], boards=["women"], agencies=[houses[0].pk], shortest=165)
    counts, rows = finding.counted(orsay, wanted, Medium.values)
    assert counts.total == rows.count() == finding.find(orsay, wanted).count() > 0
    assert counts.media == {
        medium: finding.find(orsay, _with(wanted, media=[medium])).count() for medium in Medium.values
    }
    for board, n in counts.boards.items():
        assert n == finding.find(orsay, _with(wanted, boards=[board])).count()
    for agency, n in counts.agencies.items():
        assert n == finding.find(orsay, _with(wanted, agencies=[agency])).count()


def _with(wanted: Facets, **changes: object) -> Facets:
    return Facets(**(vars(wanted) | changes))  # type: ignore[arg-type]


def test_the_page_of_a_search_asks_the_same_number_of_questions_for_any_number(
    orsay: Organization, client: Client
) -> None:
    elan = people.agency("Élan Models")
    client.force_login(people.member(orsay, "Ines Martel", "producer"))
    address = f"{reverse('twins')}?q=model&use=tv&board=women&agency={elan.slug}&hmin=160&sort=price"
    few, many = with_few_and_many(client, address, lambda number: people.twin(f"Model {number:02d}", of=elan))
    assert few == many <= 25
