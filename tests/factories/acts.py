"""Every act but those of a booking, ready to be done: what it needs is arranged by whoever may, then `by` does it.

Keys are module and name without `apps.`; each takes the scene and the one who tries.
"""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.archives import services as archives
from apps.boards import services as boards
from apps.boards.models import Board
from apps.common.canonical import sha256_hex
from apps.common.depiction import Trait
from apps.common.vocabulary import LicenceType
from apps.consents import services as consents
from apps.consents.models import Consent, Purpose
from apps.generation.services import sheets
from apps.identity import services as identity
from apps.options.models import Option
from apps.options.services import asking, challenging, deciding
from apps.organizations.services import absences, checking, credit, registering, team
from apps.organizations.services import inviting as team_inviting
from apps.pricing import services as pricing
from apps.programmes import services as programmes
from apps.roster.models import BulkAct
from apps.roster.services import filing, importing, inviting, uploading
from apps.talent import answering, commitments, ending, never_again, profile, proposing
from apps.talent import services as rules
from apps.talent.mandate_text import mandate_text, twins_text
from apps.talent.models import NeverAgain
from apps.twins.models import CaptureSet, TwinVersion
from apps.twins.services import capture, enrolment, erasure, listing, showing
from apps.twins.services import uploading as sending
from tests.factories import bookings
from tests.factories.identity import card, hand_in, prove
from tests.factories.joining import agency_details
from tests.factories.likenesses import CAPTURES, photograph
from tests.factories.people import make_member
from tests.factories.programmes import plan, text_for
from tests.factories.roster import ADA, HEADER
from tests.factories.scene import TODAY, Scene
from tests.factories.sheets import make_sheet_of, with_state

Do = Callable[[Scene, Any], object]


# ---- mandates ----


def _propose(s: Scene, by: Actor) -> object:
    today = timezone.now().date()
    return proposing.propose(
        by=by, agency=s.world.agency, talent=s.talent, kind="mother", territories=["FR"], commission_bp=1_000,
        starts_on=today, ends_on=today + timedelta(days=90),
    )  # fmt: skip


def _sign_mandate(s: Scene, by: Actor) -> object:
    proposal = s.proposal()
    shown = sha256_hex(mandate_text(proposal, language="en").encode())
    return answering.sign_mandate(by=by, proposal=proposal, language="en", shown_sha256=shown)


def _sign_twins(s: Scene, by: Actor) -> object:
    proposal = s.asked_for_twins()
    shown = sha256_hex(twins_text(proposal, language="en").encode())
    return answering.sign_twins(by=by, proposal=proposal, language="en", shown_sha256=shown)


def _enter(s: Scene, by: Actor) -> Any:
    return commitments.enter_commitment(
        by=by, talent=s.talent, exclusivity="category", category="denim", territories=["FR"], starts_on=TODAY(),
        ends_on=TODAY() + timedelta(days=30),
    )  # fmt: skip


# ---- what she says of herself ----


def _never_again(s: Scene, by: Actor) -> object:
    return never_again.never_again(by=by, talent=s.talent, trait=Trait("scene", "beauty"))


def _allow_again(s: Scene, by: Actor) -> object:
    _never_again(s, s.world.maya.actor)
    return never_again.allow_again(by=by, rule=NeverAgain.objects.get(boundaries__talent=s.talent))


def _set_boundaries(s: Scene, by: Actor) -> object:
    return rules.set_boundaries(
        by=by, talent=s.talent, barred_categories=["fur"], barred_media=[], barred_territories=[], barred_brands=[],
        longest_window_months=12, lowest_fee_minor=0, licence_types=LicenceType.values, body_tolerance=5,
        skin_tolerance=5, hair_tolerance=5,
    )  # fmt: skip


def _grant(s: Scene, by: Actor) -> object:
    Consent.objects.filter(talent=s.talent, purpose=Purpose.PROMOTE).delete()
    return consents.grant(
        by=by, talent=s.talent, purpose=Purpose.PROMOTE, scope="My twin", rate_of_pay="none", intended_uses=["lists"],
        ends_at=timezone.now() + timedelta(days=90),
    )  # fmt: skip


def _create_twin(s: Scene, by: Actor) -> object:
    prove(s.talent, s.world.maya)
    TwinVersion.objects.filter(twin=s.twin).delete()
    CaptureSet.objects.filter(twin=s.twin).delete()
    s.twin.delete()
    return capture.create_twin(by=by, talent=s.talent)


def _look_at_version(act: Callable[..., object]) -> Do:
    def do(s: Scene, by: Actor) -> object:
        version = with_state(s.twin, TwinVersion.State.READY)
        return act(by=by, version=TwinVersion.objects.select_related("twin__talent", "capture_set").get(pk=version.pk))

    return do


def _resume(s: Scene, by: Actor) -> object:
    listing.pause(by=s.world.maya.actor, twin=s.twin)
    return listing.resume(by=by, twin=s.twin)


def _set_cover(s: Scene, by: Actor) -> object:
    return showing.set_cover(by=by, twin=s.twin, file=make_sheet_of(s.twin)[0].file)


def _remove_upload(s: Scene, by: Actor) -> object:
    captures = s.open_set()
    upload = sending.send_photograph(by=s.world.maya.actor, capture_set=captures, shot="front", raw=b"raw")
    type(upload).objects.filter(pk=upload.pk).update(state="refused", reason="Blurred")
    return sending.remove_upload(by=by, upload=type(upload).objects.get(pk=upload.pk))


def _hand_over(s: Scene, by: Actor) -> object:
    captures = s.open_set(CAPTURES)
    for shot, photograph_ in zip(("front", "full", "left"), captures.photographs.all(), strict=True):
        captures.uploads.create(shot=shot, state="kept", photograph=photograph_, incoming=shot)
    return sending.hand_over(by=by, capture_set=captures)


def _person() -> dict[str, str]:
    return dict(zip(HEADER.split(","), ADA.split(","), strict=True))


# ---- programmes ----


def _take_place(s: Scene, by: Actor) -> object:
    TwinVersion.objects.filter(twin=s.twin).update(state="rejected", approval=None)
    place = s.place()
    shown = sha256_hex(text_for(place, s.talent).encode())
    return programmes.accept(by=by, talent=s.talent, place=place, language="en", shown_sha256=shown)


def _leave_place(s: Scene, by: Actor) -> object:
    place = _take_place(s, s.world.maya.actor)
    return programmes.leave(by=by, talent=s.talent, place=place)


# ---- choosing twins ----


def _package(s: Scene, **fields: Any) -> Board:
    told = {"name": "Winter knits", "twins": [s.world.twin]} | fields
    return boards.create(by=s.world.booker.actor, organization=s.world.agency, **told)


def _link(s: Scene) -> Any:
    return boards.share(by=s.world.booker.actor, board=_package(s), days=14)[0]


def _saved(s: Scene, by: Actor) -> Any:
    return boards.save_filter(by=by, organization=s.world.brand, name="Tall", query="hmin=175")


def _entry(s: Scene) -> Any:
    return _package(s).entries.select_related("board__organization").get()


# ---- options ----


def _asked(s: Scene, by: Actor) -> Option:
    return asking.ask(
        by=by, twin=s.world.twin, category="fashion", territories=["DE"], starts_on=TODAY(), window_months=12
    )


def _held(s: Scene, by: Actor) -> Option:
    return deciding.grant(by=s.world.booker.actor, option=_asked(s, by))


def _challenge(s: Scene, by: Actor) -> object:
    """The rival stands before it."""
    _held(s, s.world.rival_producer.actor)
    behind = _held(s, s.world.producer.actor)
    return challenging.challenge(by=by, option=behind, booking=bookings.draft(s.world))


ACTS: dict[str, Do] = {
    "talent.proposing.propose": _propose,
    "talent.proposing.take_back": lambda s, by: proposing.take_back(by=by, proposal=s.proposal()),
    "talent.answering.refuse": lambda s, by: answering.refuse(by=by, proposal=s.proposal()),
    "talent.answering.sign_mandate": _sign_mandate,
    "talent.answering.sign_twins": _sign_twins,
    "talent.answering.refuse_twins": lambda s, by: answering.refuse_twins(by=by, proposal=s.asked_for_twins()),
    "talent.ending.end_by_model": lambda s, by: ending.end_by_model(by=by, mandate=s.mandate()),
    "talent.ending.end_by_agency": lambda s, by: ending.end_by_agency(by=by, mandate=s.mandate()),
    "talent.commitments.enter_commitment": _enter,
    "talent.commitments.remove_commitment": lambda s, by: commitments.remove_commitment(
        by=by, commitment=_enter(s, s.world.booker.actor)
    ),
    "talent.profile.save_profile": lambda s, by: profile.save_profile(
        by=by, talent=s.talent, profile=profile.Profile("Maya", "FR", "women", ["fr"])
    ),
    "talent.services.set_boundaries": _set_boundaries,
    "talent.never_again.never_again": _never_again,
    "talent.never_again.allow_again": _allow_again,
    "consents.services.grant": _grant,
    "consents.services.withdraw": lambda s, by: consents.withdraw(
        by=by, consent=Consent.objects.select_related("talent").filter(talent=s.talent).first()
    ),
    "identity.services.person.submit": lambda s, by: identity.submit(
        by=by, talent=s.talent, kind="passport", document=card(), selfie=card()
    ),
    "identity.services.person.approve": lambda s, by: identity.approve(
        by=by, check=hand_in(s.talent, s.world.maya), birth_date=s.talent.birth_date
    ),
    "identity.services.person.refuse": lambda s, by: identity.refuse(
        by=by, check=hand_in(s.talent, s.world.maya), reason="Too dark"
    ),
    "identity.services.person.look_at": lambda s, by: identity.look_at(
        by=by, check=hand_in(s.talent, s.world.maya), which="selfie"
    ),
    "twins.services.capture.create_twin": _create_twin,
    "twins.services.capture.open_capture_set": lambda s, by: capture.open_capture_set(
        by=by, twin=s.twin, taken_on=TODAY()
    ),
    "twins.services.capture.add_photograph": lambda s, by: capture.add_photograph(
        by=by, capture_set=s.open_set(), name="front", raw=photograph("P001", CAPTURES[0])
    ),
    "twins.services.uploading.send_photograph": lambda s, by: sending.send_photograph(
        by=by, capture_set=s.open_set(), shot="front", raw=b"raw"
    ),
    "twins.services.uploading.expect_photograph": lambda s, by: sending.expect_photograph(
        by=by, capture_set=s.open_set(), shot="front", size=3
    ),
    "twins.services.uploading.photograph_arrived": lambda s, by: sending.photograph_arrived(
        by=by, capture_set=s.open_set(), shot="front", name="name"
    ),
    "twins.services.uploading.remove_upload": _remove_upload,
    "twins.services.uploading.hand_over": _hand_over,
    "twins.services.enrolment.enrol": lambda s, by: enrolment.enrol(by=by, capture_set=s.open_set(CAPTURES)),
    "twins.services.erasure.erase": lambda s, by: erasure.erase(by=by, twin=s.twin),
    "twins.services.listing.approve_version": _look_at_version(listing.approve_version),
    "twins.services.listing.reject_version": _look_at_version(listing.reject_version),
    "twins.services.listing.pause": lambda s, by: listing.pause(by=by, twin=s.twin),
    "twins.services.listing.resume": _resume,
    "twins.services.showing.set_cover": _set_cover,
    "twins.services.showing.remove_cover": lambda s, by: showing.remove_cover(by=by, twin=s.twin),
    "generation.services.sheets.choose_cover": lambda s, by: sheets.choose_cover(
        by=by, picture=make_sheet_of(s.twin)[0]
    ),
    "programmes.services.starting.start": lambda s, by: programmes.start(
        by=by, organization=s.world.agency, plan=plan()
    ),
    "programmes.services.asking.ask": lambda s, by: programmes.ask(
        by=by, programme=s.programme(), people=[programmes.Asked("new@tests.example", "New Face")]
    ),
    "programmes.services.asking.take_back": lambda s, by: programmes.take_back(by=by, place=s.place()),
    "programmes.services.ending.end": lambda s, by: programmes.end(by=by, programme=s.programme()),
    "programmes.services.answering.accept": _take_place,
    "programmes.services.answering.decline": lambda s, by: programmes.decline(by=by, talent=s.talent, place=s.place()),
    "programmes.services.answering.leave": _leave_place,
    "archives.services.ask": lambda s, by: archives.ask(by=by, twin=s.twin),
    "archives.services.remove": lambda s, by: archives.remove(by=by, archive=s.archive()),
    "archives.services.hand_over": lambda s, by: archives.hand_over(by=by, archive=s.archive()),
    "pricing.services.set_day_rate": lambda s, by: pricing.set_day_rate(
        by=by, talent_ref=s.talent.party, amount_minor=170_000, currency="EUR"
    ),
    "pricing.services.publish_rate_card": lambda s, by: pricing.publish_rate_card(
        by=by, owner=s.world.agency.party, factors={"media": {"tv": 50_000}}
    ),
    "roster.services.inviting.invite_model": lambda s, by: inviting.invite_model(
        by=by, agency=s.world.agency, person=_person()
    ),
    "roster.services.inviting.send_again": lambda s, by: inviting.send_again(
        by=by, entry=inviting.invite_model(by=s.world.booker.actor, agency=s.world.agency, person=_person())
    ),
    "roster.services.importing.import_roster": lambda s, by: importing.import_roster(
        by=by, agency=s.world.agency, file=io.BytesIO(f"{HEADER}\n{ADA}\n".encode())
    ),
    "roster.services.filing.act": lambda s, by: filing.act(
        by=by, agency=s.world.agency, models={s.talent.pk}, what="aside"
    ),
    "roster.services.filing.undo": lambda s, by: filing.undo(
        by=by, done=BulkAct.objects.create(agency=s.world.agency, what="aside")
    ),
    "roster.services.uploading.send_file": lambda s, by: uploading.send_file(
        by=by, agency=s.world.agency, name="roster.csv", data=b"email"
    ),
    "roster.services.uploading.take_over": lambda s, by: uploading.take_over(by=by, upload=s.roster_file()),
    "roster.services.uploading.put_away": lambda s, by: uploading.put_away(by=by, upload=s.roster_file()),
    "organizations.services.checking.decide": lambda s, by: checking.decide(
        by=by, organization=s.world.agency, decision="withdrawn", reason="The register changed."
    ),
    "organizations.services.credit.set_credit": lambda s, by: credit.set_credit(
        by=by, organization=s.world.brand, limit_minor=1_000, reason="Paid in time"
    ),
    "organizations.services.registering.change_details": lambda s, by: registering.change_details(
        by=by, organization=s.world.agency, details=agency_details()
    ),
    "organizations.services.inviting.invite": lambda s, by: team_inviting.invite(
        by=by, organization=s.world.agency, email="other@tests.example", role="booker"
    ),
    "organizations.services.inviting.send_again": lambda s, by: team_inviting.send_again(
        by=by, invitation=s.asked_member()
    ),
    "organizations.services.inviting.withdraw": lambda s, by: team_inviting.withdraw(
        by=by, invitation=s.asked_member()
    ),
    "organizations.services.team.change_role": lambda s, by: team.change_role(
        by=by, member=s.member(), role="accountant"
    ),
    "organizations.services.team.remove": lambda s, by: team.remove(by=by, member=s.member()),
    "organizations.services.absences.announce_absence": lambda s, by: absences.announce_absence(
        by=by,
        organization=s.world.agency,
        deputy=make_member(s.world.agency, "booker", "marc").user,
        starts_on=timezone.now().date(),
        ends_on=timezone.now().date(),
    ),
    "organizations.services.absences.end_absence": lambda s, by: absences.end_absence(
        by=by,
        absence=absences.announce_absence(
            by=s.world.booker.actor,
            organization=s.world.agency,
            deputy=s.owner.user,
            starts_on=timezone.now().date(),
            ends_on=timezone.now().date(),
        ),
    ),
    "organizations.services.team.leave": lambda s, by: team.leave(by=by, member=s.member()),
    "boards.services.gathering.shortlist": lambda s, by: boards.shortlist(by=by, brand=s.world.brand, twin=s.twin),
    "boards.services.gathering.create": lambda s, by: boards.create(
        by=by, organization=s.world.agency, name="Winter knits"
    ),
    "boards.services.gathering.change": lambda s, by: boards.change(by=by, board=_package(s), name="Wool", note=""),
    "boards.services.gathering.add": lambda s, by: boards.add(by=by, board=_package(s, twins=[]), twins=[s.twin]),
    "boards.services.gathering.remove": lambda s, by: boards.remove(by=by, entry=_entry(s)),
    "boards.services.gathering.write_note": lambda s, by: boards.write_note(by=by, entry=_entry(s), note="wool"),
    "boards.services.gathering.delete": lambda s, by: boards.delete(by=by, board=_package(s)),
    "boards.services.sharing.share": lambda s, by: boards.share(by=by, board=_package(s), days=14),
    "boards.services.sharing.revoke": lambda s, by: boards.revoke(by=by, share=_link(s)),
    "boards.services.sharing.take_over": lambda s, by: boards.take_over(by=by, share=_link(s), brand=s.world.brand),
    "boards.services.filters.save_filter": _saved,
    "boards.services.filters.remove_filter": lambda s, by: boards.remove_filter(
        by=by, saved=_saved(s, s.world.producer.actor)
    ),
    "options.services.asking.ask": _asked,
    "options.services.asking.renew": lambda s, by: asking.renew(by=by, option=_held(s, s.world.producer.actor)),
    "options.services.asking.withdraw": lambda s, by: asking.withdraw(by=by, option=_held(s, s.world.producer.actor)),
    "options.services.challenging.challenge": _challenge,
    "options.services.deciding.grant": lambda s, by: deciding.grant(by=by, option=_asked(s, s.world.producer.actor)),
    "options.services.deciding.refuse": lambda s, by: deciding.refuse(by=by, option=_asked(s, s.world.producer.actor)),
    "options.services.deciding.set_rule": lambda s, by: deciding.set_rule(by=by, talent=s.talent, at_once=True),
}
