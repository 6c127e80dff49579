"""Money, dates and links as a reader sees them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from apps.common.money import Money
from apps.common.templatetags import ui


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get("/twins/?use=tv&use=own&q=noor"))


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(111_000, "EUR", "€1,110.00"), (1, "EUR", "€0.01"), (-52_550, "GBP", "-£525.50"), (1_110, "JPY", "JP¥1,110")],
)
def test_minor_units_become_money_of_their_own_currency(minor: int, currency: str, shown: str) -> None:
    assert ui.money(minor, currency) == shown


def test_money_follows_the_readers_language() -> None:
    with translation.override("de"):
        assert ui.money(Money(111_000, "EUR")) == "1.110,00\u00a0€"


def test_short_money_drops_only_empty_cents() -> None:
    assert (ui.money_short(111_000), ui.money_short(111_050)) == ("€1,110", "€1,110.50")


def test_a_rate_in_basis_points_is_shown_in_percent() -> None:
    assert (ui.percent(2_000), ui.percent(1_750), ui.share_of(5, 8)) == ("20%", "17.5%", "62.5%")


def test_a_time_is_told_in_the_zone_of_the_reader() -> None:
    deadline = datetime(timezone.now().year, 11, 26, 17, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Paris")):
        assert ui.moment(deadline).endswith("26 Nov, 18:00")


def test_the_year_is_named_only_when_it_is_another_one() -> None:
    assert ui.day(date(timezone.localdate().year, 3, 1)) == "1 Mar"
    assert ui.day(date(1999, 3, 1)) == "1 Mar 1999"


def test_a_deadline_gets_louder_as_it_comes_closer() -> None:
    now = timezone.now()
    assert [ui.urgency(now + timedelta(hours=hours)) for hours in (100, 40, 5)] == ["", "warn", "neg"]
    assert ui.left(now - timedelta(hours=1)) == ""


def test_links_keep_what_is_chosen() -> None:
    assert render("{% qs page=2 %}") == "?use=tv&amp;use=own&amp;q=noor&amp;page=2"
    assert render("{% qs_without 'use' 'tv' %}") == "?use=own&amp;q=noor"
    assert render("{% qs q=None use=None %}") == "?"


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in ui.icon("clock")
    assert 'aria-label="Deadline"' in ui.icon("clock", "Deadline")


@pytest.mark.parametrize("code", ["400", "403", "404", "500"])
def test_an_error_page_offers_the_way_back(code: str, rf: RequestFactory) -> None:
    page = render_to_string(f"{code}.html", request=rf.get("/nowhere/") if code != "500" else None)
    assert "Back to the start" in page
