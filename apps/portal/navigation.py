"""The few places each kind of actor goes to: the same list makes the bar, the phone's tab bar and the current mark."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """One entry; `urls` are the names of all pages that count as being there, the first is where it leads."""

    label: str
    icon: str
    urls: tuple[str, ...]

    @property
    def href(self) -> str:
        return reverse(self.urls[0])


INVITING = ("roster_invited", "roster_invite", "roster_upload_new", "roster_upload")
BOARDS = ("boards", "board_new", "board")
PROGRAMMES = ("programmes", "programme_new", "programme", "programme_ask")
TALKING = ("conversations", "conversation")
BOOKINGS = (
    "bookings",
    "booking",
    "booking_compose",
    "booking_templates",
    "select",
    "checkout_return",
    "deal_memo",
    "options",
    *TALKING,
)
NAVIGATION: dict[str, tuple[Place, ...]] = {
    "talent": (
        Place("Requests", "inbox", ("model_home", "request", "request_answer", "picture_check", "deal_memo", *TALKING)),
        Place(
            "My twin",
            "fingerprint",
            (
                *(
                    "my_twin",
                    "give_consent",
                    "withdraw_consent",
                    "rules",
                    "commitments",
                    "options",
                    "day_rate",
                    "onboarding",
                    "profile",
                    "identity",
                    "capture",
                    "place",
                ),
                *("mandates", "proposal", "mandate_end", "certificate", "lineage", "lineage_booking", "pause"),
            ),
        ),
        Place("Where", "globe", ("where", "access_log")),
        Place("Earnings", "wallet", ("earnings", "statement", "payouts")),
    ),
    "agency": (
        Place("Desk", "inbox", ("agency_desk", "request", "request_answer", "deal_memo", *TALKING)),
        Place("Roster", "users", ("roster", "roster_model", "roster_commitments", "roster_rate", *INVITING, *BOARDS)),
        Place("Calendar", "calendar-days", ("rights_calendar", "options")),
        Place("Programmes", "sparkles", PROGRAMMES),
        Place("Mandates", "handshake", ("agency_mandates", "mandate_new", "mandate_notice")),
        Place("Statements", "wallet", ("earnings", "statement", "payouts")),
    ),
    "brand": (
        Place("Home", "house", ("brand_home",)),
        Place("Twins", "layout-grid", ("twins", "twin", "calendar_of_twin", "compare", *BOARDS)),
        Place("Bookings", "briefcase", BOOKINGS),
        Place("Programmes", "sparkles", PROGRAMMES),
        Place("Library", "library", ("library", "own_licence")),
    ),
    "staff": (Place("Statements", "wallet", ("earnings", "statement")),),
}


def places(kind: str, url_name: str) -> list[dict[str, object]]:
    """The entries of this kind of actor, the current one marked."""
    return [
        {"label": place.label, "icon": place.icon, "href": place.href, "current": url_name in place.urls}
        for place in NAVIGATION.get(kind, ())
    ]
