"""Which pages are photographed, as whom, and of what. A new address fails its test until it stands here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.boards.models import Board
from apps.boards.services import received_by, share
from apps.bookings.models import Booking, Licence
from apps.bookings.states import INITIAL, State
from apps.common.legal_texts import language_of
from apps.common.refs import parse_ref
from apps.consents.models import Consent, Purpose
from apps.conversations.models import Thread
from apps.crew.models import CrewMember
from apps.crew.services import token_of
from apps.demonstration.entrances import STAFF, entrances
from apps.demonstration.people import actor_of, user_of
from apps.generation.models import Candidate
from apps.organizations.models import Organization
from apps.payments.models import Charge
from apps.programmes.models import Place, Programme
from apps.royalties.statements import monthly_totals
from apps.sandbox.models import AccountLink
from apps.talent.models import Mandate, MandateProposal
from apps.twins.models import Twin
from tests.architecture.access import AGENCY, BRAND, KINDS, SIGNED_IN, TALENT
from tests.architecture.access import STAFF as STAFF_KIND

STRANGER = "stranger"
MONTHS_SHOWN = 2


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it. `account` is what the way in takes; a stranger has none."""

    page: str
    role: str
    account: str
    label: str
    path: str
    status: int = 200


@dataclass(frozen=True)
class View:
    """Where a page is found: as whom, what it shows, and its path."""

    account: str
    label: str
    path: str


Finder = Callable[[str, str], Iterator[View]]  # (address name, kind) → views


@cache
def accounts(kind: str) -> list[str]:
    """The demonstration's people of this kind, whoever sees most bookings first."""
    everybody = [(entrance.account, _actor(entrance.account)) for entrance in entrances() if entrance.account != STAFF]
    rows = [(account, actor) for account, actor in everybody if actor.kind == kind]
    busiest_first = sorted(rows, key=lambda row: -Booking.objects.visible_to(row[1]).count())
    return [STAFF] if kind == STAFF_KIND else [account for account, _ in busiest_first]


def _actor(account: str) -> Actor:
    return actor_of(user_of(account))


def one(name: str, kind: str) -> Iterator[View]:
    """As the busiest person of this kind."""
    yield View(accounts(kind)[0], "", reverse(name))


def each_language(name: str, kind: str) -> Iterator[View]:
    """As the busiest person of this kind in each language that we write to them in."""
    speakers: dict[str, str] = {}
    for account in accounts(kind):
        speakers.setdefault(language_of(user_of(account).language), account)
    for language, account in speakers.items():
        yield View(account, language, reverse(name))


def everybody(name: str, kind: str) -> Iterator[View]:
    """As each person of this kind."""
    for account in accounts(kind):
        yield View(account, account, reverse(name))


def each_state(*states: State) -> Finder:
    """One booking in each of these states that somebody of the kind may see; the newest."""

    def find(name: str, kind: str) -> Iterator[View]:
        missing = set(states)
        for account in accounts(kind):
            for booking in Booking.objects.visible_to(_actor(account)).order_by("-created_at"):
                if booking.state in missing:
                    missing.remove(State(booking.state))
                    yield View(account, str(booking.get_state_display()), reverse(name, args=[booking.pk]))

    return find


def a_version_to_write(name: str, kind: str) -> Iterator[View]:
    """As whoever writes it: the agency, or a model without one."""
    rows = Booking.objects.filter(state=State.PROPOSING).select_related("agency", "twin__talent")
    for booking in rows.order_by("-created_at"):
        if (booking.agency is not None) == (kind == AGENCY):
            author = booking.agency or booking.twin.talent
            yield View(author.slug, str(booking.get_state_display()), reverse(name, args=[booking.pk]))
            return


def each_conversation(name: str, kind: str) -> Iterator[View]:
    """The longest of each pair of sides, as whoever sits in it."""
    seen = set()
    for account in accounts(kind):
        for thread in Thread.objects.of(_actor(account)).order_by("-last_number"):
            if thread.between not in seen:
                seen.add(thread.between)
                yield View(account, thread.between, reverse(name, args=[thread.booking_id, thread.between]))


def advised(name: str, kind: str) -> Iterator[View]:
    """A booking in review whose model passed something, as the agency that answers for it."""
    passed = Booking.objects.filter(state=State.IN_REVIEW, reviews__decision="passed", agency__isnull=False)
    for booking in passed.select_related("agency").distinct()[:1]:
        yield View(booking.agency.slug, "", reverse(name, args=[booking.pk]))


def each_licence_state(name: str, kind: str) -> Iterator[View]:
    seen = set()
    for account in accounts(kind):
        for licence in Licence.objects.visible_to(_actor(account)).order_by("-created_at"):
            if licence.state not in seen:
                seen.add(licence.state)
                yield View(account, licence.get_state_display(), reverse(name, args=[licence.pk]))


def a_running_licence(name: str, kind: str) -> Iterator[View]:
    for account in accounts(kind):
        running = Licence.objects.visible_to(_actor(account)).filter(state=Licence.State.ACTIVE).first()
        if running is not None:
            yield View(account, "", reverse(name, args=[running.pk]))
            return


def public_licence(name: str, kind: str) -> Iterator[View]:
    for licence in Licence.objects.order_by("state", "-created_at").distinct("state"):
        yield View("", licence.get_state_display(), reverse(name, args=[licence.code]))


def each_twin(name: str, kind: str) -> Iterator[View]:
    for twin in Twin.objects.filter(state=Twin.State.LISTED).select_related("talent").order_by("talent__slug"):
        yield View(accounts(kind)[0], twin.talent.stage_name, reverse(name, args=[twin.talent.slug]))


def each_purpose(name: str, kind: str) -> Iterator[View]:
    for purpose in Purpose.values:
        yield View(accounts(kind)[0], purpose, reverse(name, args=[purpose]))


def each_consent(name: str, kind: str) -> Iterator[View]:
    """What taking back each purpose would touch, for the busiest model."""
    account = accounts(kind)[0]
    for consent in Consent.objects.in_force().filter(talent__slug=account).order_by("purpose"):
        yield View(account, consent.purpose, reverse(name, args=[consent.pk]))


def each_proposal(name: str, kind: str) -> Iterator[View]:
    """One in each state, as the model whom it asks."""
    for proposal in MandateProposal.objects.order_by("state", "-created_at").distinct("state").select_related("talent"):
        yield View(proposal.talent.slug, proposal.get_state_display(), reverse(name, args=[proposal.pk]))


def running_mandate(name: str, kind: str) -> Iterator[View]:
    """As the model or as the agency, whichever side the page is for."""
    mandate = Mandate.objects.filter(ended_on=None).order_by("created_at").select_related("talent", "agency").first()
    if mandate:
        side = mandate.talent if kind == TALENT else mandate.agency
        yield View(side.slug, "", reverse(name, args=[mandate.pk]))


def each_on_the_roster(name: str, kind: str) -> Iterator[View]:
    """The models of the busiest agency."""
    account = accounts(kind)[0]
    agency = parse_ref(_actor(account).party, "org")
    for mandate in Mandate.objects.filter(agency=agency, ended_on=None).select_related("talent").order_by("pk"):
        yield View(account, mandate.talent.stage_name, reverse(name, args=[mandate.talent.slug]))


def each_programme(name: str, kind: str) -> Iterator[View]:
    """As whoever pays for it."""
    for programme in Programme.objects.filter(organization__kind=kind).select_related("organization"):
        yield View(programme.organization.slug, programme.name, reverse(name, args=[programme.pk]))


def each_place(name: str, kind: str) -> Iterator[View]:
    """One in each state, as its model."""
    rows = Place.objects.filter(talent__isnull=False).order_by("state", "-created_at").distinct("state")
    for place in rows.select_related("talent"):
        if place.talent:
            yield View(place.talent.slug, place.get_state_display(), reverse(name, args=[place.pk]))


def a_certificate(name: str, kind: str) -> Iterator[View]:
    """Of a mandate, which both sides may have."""
    proposal = MandateProposal.objects.filter(state="signed").order_by("created_at").select_related("talent").first()
    if proposal:
        side = proposal.talent if kind == TALENT else proposal.agency
        yield View(side.slug, "", reverse(name, args=[proposal.signature_id]))


def a_booking_of_a_version(name: str, kind: str) -> Iterator[View]:
    """The latest delivered booking of whoever has one, the busiest model first."""
    for account in accounts(kind):
        delivered = Booking.objects.visible_to(_actor(account)).filter(state=State.DELIVERED)
        booking = delivered.order_by("-delivered_at").first()
        made = Candidate.objects.of_booking(booking.ref).select_related("job").first() if booking else None
        if booking and made:
            yield View(account, "delivered", reverse(name, args=[made.job.version_id, booking.pk]))
            return


def latest_statements(name: str, kind: str) -> Iterator[View]:
    """The last months of whoever earned something."""
    for account in accounts(kind):
        months = [total for total in monthly_totals(_actor(account).party) if total.earned_minor][-MONTHS_SHOWN:]
        for month in months:
            yield View(account, f"{month.year}-{month.month:02d}", reverse(name, args=[month.year, month.month]))
        if months:
            return


def payment(name: str, kind: str) -> Iterator[View]:
    charge = Charge.objects.exclude(checkout_url="").order_by("-created_at").first()
    if charge:
        yield View("", "", urlsplit(charge.checkout_url).path)


def onboarding_at_stripe(name: str, kind: str) -> Iterator[View]:
    """The hosted page of whoever has begun and not come back."""
    link = AccountLink.objects.filter(used_at=None, expires_at__gt=timezone.now()).order_by("-created_at").first()
    if link:
        yield View("", "", reverse(name, args=[link.pk]))


FOLLOWED = tuple(state for state in State if state != INITIAL)
ASKED_FOR_PAYMENT = (State.FUNDED, State.GENERATING, State.IN_REVIEW, State.DELIVERED)
WITH_PICTURES = (State.IN_REVIEW, State.DELIVERED)

# The first two take a party that came to the wrong one over to the other; a model has joined already.
AS = {"booking": {BRAND}, "request": {TALENT, AGENCY}, "join": {BRAND}}


def each_board(name: str, kind: str) -> Iterator[View]:
    for board in Board.objects.filter(organization__kind=kind).select_related("organization").order_by("kind"):
        yield View(board.organization.slug, board.name, reverse(name, args=[board.pk]))


def each_with_boards(name: str, kind: str) -> Iterator[View]:
    for slug in Board.objects.filter(organization__kind=kind).values_list("organization__slug", flat=True).distinct():
        yield View(slug, slug, reverse(name))


def a_comparison(name: str, kind: str) -> Iterator[View]:
    """Of what stands on a board."""
    board = Board.objects.filter(kind=Board.Kind.BOARD).select_related("organization").first()
    if board:
        slugs = board.entries.values_list("twin__talent__slug", flat=True)[:3]
        query = "&".join(f"twin={slug}" for slug in slugs)
        yield View(board.organization.slug, "three", f"{reverse(name)}?{query}")


def each_link(name: str, kind: str) -> Iterator[View]:
    """A link is told once, when it is made: one is made for the picture."""
    for board in Board.objects.exclude(kind=Board.Kind.SHORTLIST).select_related("organization").order_by("kind"):
        _, secret = share(by=_actor(board.organization.slug), board=board, days=3)
        yield View("", board.name, reverse(name, args=[secret]))


def each_package(name: str, kind: str) -> Iterator[View]:
    """As its brand opens it, while a link of it works."""
    for brand in Organization.objects.filter(packages__isnull=False).distinct():
        for package in received_by(brand):
            yield View(brand.slug, package.name, reverse(name, args=[package.pk]))


def a_share_that_waits(name: str, kind: str) -> Iterator[View]:
    """What the mail of one of a crew leads to who has not claimed it."""
    for member in CrewMember.objects.filter(user=None)[:1]:
        yield View("", "", reverse(name, args=[token_of(member)]))


FINDERS: dict[str, Finder] = {
    "home": one,
    "demonstration:refusals": one,
    "verify": one,
    "licence": public_licence,
    "brand_home": everybody,
    "model_home": everybody,
    "agency_desk": everybody,
    "twins": one,
    "twin": each_twin,
    "compare": a_comparison,
    "boards": each_with_boards,
    "board_new": one,
    "board": each_board,
    "shared": each_link,
    "package": each_package,
    "bookings": everybody,
    "booking": each_state(*FOLLOWED),
    "booking_compose": each_state(INITIAL),
    "deal_memo": each_state(State.SUBMITTED, State.DELIVERED),
    "conversations": everybody,
    "conversation": each_conversation,
    "checkout_return": each_state(*ASKED_FOR_PAYMENT),
    "select": each_state(State.IN_REVIEW),
    "booking_templates": one,
    "library": everybody,
    "own_licence": each_licence_state,
    **dict.fromkeys(["licence_renew", "licence_extend"], a_running_licence),
    "take_down": lambda name, kind: islice(public_licence(name, kind), 1),
    "request": each_state(*FOLLOWED),
    "request_version": a_version_to_write,
    "counter": each_state(State.COUNTERED),
    "counter_own": each_state(State.COUNTERED),
    "picture_check": each_state(*WITH_PICTURES),
    "pictures_waiting": each_state(State.IN_REVIEW),
    "picture_advice": advised,
    "my_twin": everybody,
    **dict.fromkeys(["where", "access_log", "pause"], everybody),
    "give_consent": each_purpose,
    "withdraw_consent": each_consent,
    "rules": one,
    "identity": one,
    "onboarding": one,
    "profile": one,
    "capture": one,
    "lineage": everybody,
    "lineage_booking": a_booking_of_a_version,
    "join": one,
    "mandates": everybody,
    "proposal": each_proposal,
    "mandate_end": running_mandate,
    "agency_mandates": everybody,
    "mandate_new": one,
    "mandate_notice": running_mandate,
    "certificate": a_certificate,
    "roster": everybody,
    **dict.fromkeys(["roster_model", "roster_commitments", "roster_rate"], each_on_the_roster),
    "commitments": everybody,
    "day_rate": everybody,
    "rate_card": one,
    "rights_calendar": everybody,
    "calendar_of_twin": each_twin,
    "options": everybody,
    "roster_invited": one,
    "roster_invite": one,
    "roster_upload_new": one,
    "programmes": one,
    "programme_new": one,
    **dict.fromkeys(["programme", "programme_ask"], each_programme),
    "place": each_place,
    "earnings": everybody,
    "payouts": everybody,
    "statement": latest_statements,
    "notices": each_language,
    "organization": one,
    "organization_edit": one,
    "team": one,
    "team_away": one,
    "account": one,
    "begin": one,
    "crew_page": one,
    "crew_claim": a_share_that_waits,
    "register_agency": one,
    "register_brand": one,
    "sandbox:checkout": payment,
    "sandbox:onboarding": onboarding_at_stripe,
    **dict.fromkeys(
        [
            *("account_login", "account_signup", "account_logout", "account_inactive", "account_reset_password"),
            *("account_email_verification_sent", "account_reset_password_done"),
            "account_reset_password_from_key_done",
            *("account_reauthenticate", "account_email", "account_change_password"),
            *("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "usersessions_list"),
        ],
        one,
    ),
}

POSTED = "answers a press only, no page"
SENT_ON = "sends everybody elsewhere in the state that the demonstration is in"
LEFT_OUT = {
    "healthz": "plain text for whoever watches the processes",
    "landing": "sends everybody to her own first page",
    "media:file": "a picture, no page",
    "media:incoming": "takes a file, no page",
    "statement_csv": "a file, no page",
    "roster_csv": "a file, no page",
    "certificate_pdf": "leads on to a file",
    "deal_memo_pdf": "leads on to a file",
    "attachment": "leads on to a file",
    "conversation_news": "a part of the conversation's page, which shows it",
    "demonstration:tour_bar": "a part of every page while a tour is on",
    "demonstration:refusal": "stands between a press on the list and the page that refuses",
    "booking_progress": "a part of the booking's page, which shows it",
    "licence_packs": "a part of the licence's page, which shows it",
    **dict.fromkeys(
        [
            *("option_act", "option_challenge", "option_rule"),
            *("shortlist_press", "filter_save", "filter_remove", "shared_take", "board_add", "board_share"),
            "package_take",
            *("board_delete", "entry_note", "entry_remove", "share_revoke"),
            *("acting", "booking_new", "booking_cancel", "booking_quote", "checkout", "select_finish"),
            *("select_choose", "select_another", "download", "request_answer", "request_take_back"),
            *("request_conditions", "request_version_price", "counter_accept", "counter_own_price"),
            *("message_delete", "request_booker", "team_away_end"),
            *("label_choose", "placement_log", "placement_taken_down", "placement_pay"),
            *("licence_pack", "licence_pack_download"),
            *("select_several", "pictures_pass", "picture_open", "picture_ask_agency", "wish_answer"),
            *("pin_add", "pin_settle", "rule_remove"),
            *(
                "picture_decide",
                "twin_act",
                "capture_begin",
                "capture_send",
                "capture_expect",
                "capture_arrived",
                "capture_remove",
                "capture_done",
                "twin_cover",
                "archive_ask",
                "archive_download",
                "archive_remove",
                "proposal_take_back",
                "notices_read",
                "generation:webhook",
            ),
            *("stripe_webhook", "stripe_thin_webhook", "sandbox:pay", "demonstration:enter"),
            *("team_leave", "team_role", "team_remove", "team_invitation_again", "team_invitation_withdraw"),
            *("booking_autosave", "booking_again", "template_rename", "template_delete", "credit_add", "credit_remove"),
            "crew_payouts",
            *("session_end", "roster_send_again", "roster_upload_take", "roster_upload_forget"),
            *("programme_pay", "programme_end", "programme_take_back"),
            *("roster_columns", "roster_bulk", "roster_bulk_undo", "commitment_remove"),
            *(f"demonstration:{name}" for name in ("tour_start", "tour_go", "tour_leave")),
            *(f"demonstration:{name}" for name in ("refusal_try", "refusal_leave")),
        ],
        POSTED,
    ),
    **dict.fromkeys(
        [
            *("account_set_password", "account_confirm_login_code", "mfa_authenticate", "mfa_reauthenticate"),
            *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
            *("mfa_download_recovery_codes", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),
            *("mfa_edit_webauthn", "mfa_login_webauthn"),
        ],
        SENT_ON,
    ),
    "crew_payouts_back": "sends everybody on to her credits",
    "payouts_back": "sends everybody on to the payouts",
    "identity_back": "sends everybody on to the proof of who she is",
    "sandbox:identity": "exists where Stripe looks at documents; the demonstration's are looked at by a person",
    "account_confirm_email": "needs a key out of a mail",
    "team_invitation": "needs a secret out of a mail",
    "model_invitation": "needs a secret out of a mail",
    "roster_upload": "exists for minutes, between a file and the word to take it over",
    "account_reset_password_from_key": "needs a key out of a mail",
}

# Pages that no address names.
EXTRA = [
    Shot("not found", STRANGER, "", "404", "/nothing-here/", status=404),
    Shot("not found", BRAND, "halden-rye", "404", "/nothing-here/", status=404),
    Shot("twin resting", BRAND, "maison-orsay", "rafael-nadir", "/twins/rafael-nadir/", status=404),
    Shot("not allowed", BRAND, "halden-rye", "403", "/home/model/", status=403),
]


def roles_of(name: str) -> list[str]:
    """As whom a page is photographed: every kind that may open it, or one person for a page of one's own account."""
    if name in AS:
        return sorted(AS[name])
    if name in SIGNED_IN or name == "account_logout":
        return [TALENT]
    return sorted(KINDS.get(name, {STRANGER}))


def shots() -> list[Shot]:
    """All of them, from the demonstration's data as it is now. What it has no example of is simply not there."""
    found = [
        Shot(name, role, "" if role == STRANGER else view.account, view.label, view.path)
        for name, finder in FINDERS.items()
        for role in roles_of(name)
        for view in (finder(name, role) if role != STRANGER else _of_a_stranger(name, finder))
    ]
    return [*found, *EXTRA, *_of_staff()]


def _of_a_stranger(name: str, finder: Finder) -> Iterator[View]:
    if finder is one:
        yield View("", "", reverse(name))
    else:
        yield from finder(name, STRANGER)


def _of_staff() -> Iterator[Shot]:
    """The admin's first page, and of every model the list and the newest row."""
    yield Shot("admin", STAFF_KIND, STAFF, "first page", reverse("admin:index"))
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        label = str(model._meta.verbose_name_plural)
        yield Shot("admin list", STAFF_KIND, STAFF, label, reverse(f"{stem}_changelist"))
        row = model._base_manager.order_by("-pk").first()
        if row:
            yield Shot("admin form", STAFF_KIND, STAFF, label, reverse(f"{stem}_change", args=[row.pk]))
