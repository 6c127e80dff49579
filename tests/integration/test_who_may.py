"""Can X do Y for Z? Every act but those of a booking, tried by everybody on what is Maya's, her agency's, her brand's.

She signs, shows and decides in person: no agency, no brand and no member of staff does it for her, and an accountant
or a viewer changes nothing.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from django.db import transaction

from apps.accounts.actor import Actor, StepUpNeeded
from apps.accounts.models import User
from apps.common.errors import NotAllowed
from apps.organizations.models import Organization
from tests.factories.acts import ACTS
from tests.factories.identity import staff_member
from tests.factories.people import acting, make_member, make_user, make_world
from tests.factories.scene import Scene

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

APPS = (
    "talent",
    "consents",
    "identity",
    "roster",
    "twins",
    "pricing",
    "organizations",
    "programmes",
    "archives",
    "boards",
    "options",
)
HERSELF = {"the model"}
BOOKERS = {"the agency's owner", "the agency's booker"}
OWNER = {"the agency's owner"}
REPRESENTED_BY = BOOKERS | {"the mother agency's booker"}
STAFF = {"staff"}
PRODUCERS = {"the brand's owner", "the brand's producer"}

KEPT = ("starting.start", "asking.ask", "asking.take_back", "ending.end")

# Who may, and nobody else. What the mother agency may is written out: her mandate runs as well.
MAY: dict[str, set[str]] = {
    **dict.fromkeys(["talent.proposing.propose", "talent.proposing.take_back", "talent.ending.end_by_agency"], BOOKERS),
    **dict.fromkeys(
        [name for name in ACTS if name.startswith(("talent.answering.", "consents.", "twins.", "generation."))]
        + ["talent.ending.end_by_model", "talent.profile.save_profile", "talent.services.set_boundaries"]
        + ["talent.never_again.never_again", "talent.never_again.allow_again"]
        + ["identity.services.person.submit"],
        HERSELF,
    ),
    "talent.commitments.enter_commitment": HERSELF | REPRESENTED_BY,
    "talent.commitments.remove_commitment": HERSELF | BOOKERS,  # whoever entered it, and she
    "pricing.services.set_day_rate": HERSELF | REPRESENTED_BY,
    "pricing.services.publish_rate_card": BOOKERS,
    **dict.fromkeys([name for name in ACTS if name.startswith("roster.")], BOOKERS),
    **dict.fromkeys([f"programmes.services.{act}" for act in KEPT], BOOKERS),
    **dict.fromkeys([f"programmes.services.answering.{act}" for act in ("accept", "decline", "leave")], HERSELF),
    **dict.fromkeys([f"archives.services.{act}" for act in ("ask", "remove", "hand_over")], HERSELF),
    "organizations.services.absences.announce_absence": BOOKERS,
    "organizations.services.absences.end_absence": {"the agency's booker"},  # it is hers
    "organizations.services.team.leave": {"the agency's booker"},  # it is her place
    # A package is its agency's and a board its brand's, by the same acts: test_boards tries both.
    **dict.fromkeys([name for name in ACTS if name.startswith("boards.services.")], BOOKERS),
    **dict.fromkeys(["boards.services.gathering.shortlist", "boards.services.sharing.take_over"], PRODUCERS),
    "boards.services.filters.save_filter": PRODUCERS,
    "boards.services.filters.remove_filter": {"the brand's owner"},  # it is hers
    **dict.fromkeys(
        [name for name in ACTS if name.startswith(("options.services.asking.", "options.services.chall"))], PRODUCERS
    ),
    **dict.fromkeys([f"options.services.deciding.{act}" for act in ("grant", "refuse")], BOOKERS),
    "options.services.asking.ask": PRODUCERS | {"another brand's owner"},
    "options.services.deciding.set_rule": HERSELF | REPRESENTED_BY,
    **dict.fromkeys(
        [f"organizations.services.{act}" for act in ("inviting.invite", "inviting.send_again", "inviting.withdraw")]
        + [f"organizations.services.{act}" for act in ("team.change_role", "team.remove")]
        + ["organizations.services.registering.change_details"],
        OWNER,
    ),
    **dict.fromkeys([f"identity.services.person.{act}" for act in ("approve", "refuse", "look_at")], STAFF),
    **dict.fromkeys([f"organizations.services.{act}" for act in ("checking.decide", "credit.set_credit")], STAFF),
}
# A signature, the end of a mandate and of a twin ask for a proof of who one is within the last quarter of an hour.
STEP_UP = {
    *("talent.answering.sign_mandate", "talent.answering.sign_twins", "consents.services.grant"),
    *("talent.ending.end_by_model", "talent.ending.end_by_agency", "twins.services.listing.approve_version"),
    "twins.services.erasure.erase",
    *("programmes.services.answering.accept", "archives.services.ask", "archives.services.hand_over"),
}
# Acts of somebody's own account, which have no other side; tried in the tests of joining and of the page's columns.
OF_ONESELF = {
    "talent.joining.join": "a person becomes a model",
    "roster.services.inviting.accept": "the secret out of the mail and the invited address are the right",
    "organizations.services.inviting.accept": "the secret out of the mail and the invited address are the right",
    "organizations.services.registering.register": "a person registers a party",
    "organizations.services.checking.look_again": "the second half of change_details, within its lock",
    "identity.services.deciding.decided": "the second half of a decision, within its lock",
    "programmes.services.paying.checkout": "asks Stripe outside of any transaction; tried in test_programmes_money",
    **dict.fromkeys(
        ["archives.licence_packs.ask", "archives.licence_packs.hand_over"], "of a licence; tried in test_licence_acts"
    ),
    "options.machine.perform": "the second half of every act on an option; it asks for the right itself",
    "archives.services.forget_all_of": "the second half of an erasure and of a withdrawal, within their lock",
    "roster.services.columns.choose_columns": "her own columns",
    "roster.services.columns.chosen_columns": "reads her own columns",
    "roster.services.filing.undoable": "reads what she did last herself",
}


@pytest.fixture
def scene() -> Scene:
    world = make_world()
    return Scene(world, make_member(world.agency, "owner", "colette"))


def everybody(scene: Scene) -> dict[str, Actor]:
    world = scene.world
    nobody = make_user("nobody")
    return {
        "the model": world.maya.actor,
        "another model": world.other_model.actor,
        "the agency's owner": scene.owner.actor,
        "the agency's booker": world.booker.actor,
        "the agency's accountant": make_member(world.agency, "accountant", "anne").actor,
        "the mother agency's booker": world.mother_booker.actor,
        "another agency's owner": make_member(other_agency(scene), "owner", "olof").actor,
        "another agency's booker": world.other_booker.actor,
        "the brand's owner": world.producer.actor,
        "the brand's producer": make_member(world.brand, "producer", "paul").actor,
        "the brand's finance": make_member(world.brand, "finance", "fred").actor,
        "another brand's owner": world.rival_producer.actor,
        "the brand's viewer": make_member(world.brand, "viewer", "vera").actor,
        "staff": acting(staff_member(), "platform", "staff", frozenset()),
        "somebody who acts for nobody": acting(nobody, "", "", frozenset()),
        "a stranger": Actor(user_id=None, party="", kind="", name=""),
    }


def other_agency(scene: Scene) -> Organization:
    return scene.world.other_booker.user.memberships.get().organization


def attempt(scene: Scene, name: str, by: Actor | User) -> str:
    """ "" where it was done; else which right was missing. Nothing of it stays."""
    try:
        with transaction.atomic():
            ACTS[name](scene, by)
            transaction.set_rollback(True)
    except StepUpNeeded:
        return "step-up"
    except NotAllowed:
        return "not allowed"
    return ""


@pytest.mark.parametrize("name", ACTS)
def test_it_is_done_by_whoever_may_and_by_nobody_else(scene: Scene, name: str) -> None:
    actors = everybody(scene)
    by_account = MAY[name] == STAFF  # these acts take the account: staff act for no party
    tried = {
        who: attempt(scene, name, User.objects.get(pk=actor.user_id) if by_account else actor)
        for who, actor in actors.items()
        if actor.user_id or not by_account
    }
    assert {who for who, refused in tried.items() if not refused} == MAY[name]
    assert set(tried.values()) <= {"", "not allowed"}


@pytest.mark.parametrize("name", [name for name in ACTS if MAY[name] != STAFF])
def test_only_what_binds_asks_for_a_fresh_proof(scene: Scene, name: str) -> None:
    people = {
        "the model": scene.world.maya,
        "the agency's owner": scene.owner,
        "the agency's booker": scene.world.booker,
        "the brand's owner": scene.world.producer,
    }
    who = next(person for role, person in people.items() if role in MAY[name])
    stale = acting(who.user, who.actor.party, who.actor.kind, who.actor.permissions, stepped_up=False)
    assert attempt(scene, name, stale) == ("step-up" if name in STEP_UP else "")


def acts_of(app: str) -> Iterator[str]:
    """The public functions of an app that somebody does: they take `by`."""
    package = importlib.import_module(f"apps.{app}")
    for module in pkgutil.walk_packages(package.__path__, f"apps.{app}."):
        if ".migrations" in module.name or ".management" in module.name:
            continue
        for name, found in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(found) and found.__module__ == module.name and not name.startswith("_"):
                parameter = inspect.signature(found).parameters.get("by")
                if parameter is not None and parameter.kind == parameter.KEYWORD_ONLY:
                    yield f"{module.name.removeprefix('apps.')}.{name}"


def test_every_act_stands_in_the_table() -> None:
    """A new act fails here until it says who may."""
    there = {name for app in APPS for name in acts_of(app)}
    declared = {name for name in {*MAY, *OF_ONESELF} if not name.startswith("generation.")}
    assert there == declared
    assert set(MAY) == set(ACTS)
