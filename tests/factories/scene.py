"""What the acts of an onboarding need: Maya, her agency and a brand, and what lies ready for the one who tries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.archives import services as archives
from apps.archives.models import Archive
from apps.media.uploads import sanitise
from apps.organizations.models import Membership
from apps.organizations.services import inviting as team_inviting
from apps.programmes.models import Place, Programme
from apps.roster.models import RosterUpload
from apps.roster.services import uploading
from apps.talent.models import Mandate, MandateProposal, Talent
from apps.twins.models import CaptureSet, Twin
from apps.twins.services import capture
from tests.factories.joining import verified
from tests.factories.likenesses import faces_of, photograph
from tests.factories.mandates import propose_as, sign_as
from tests.factories.people import Person, World
from tests.factories.programmes import invited, programme_of
from tests.factories.roster import ADA, HEADER

TODAY = date.today


@dataclass
class Scene:
    """Maya and Élan, with an owner beside the booker, and a brand that staff have to do with."""

    world: World
    owner: Person

    @property
    def talent(self) -> Talent:
        return Talent.objects.select_related("user").get(pk=self.world.talent.pk)

    @property
    def twin(self) -> Twin:
        return Twin.objects.select_related("talent").get(pk=self.world.twin.pk)

    def proposal(self, **asked: Any) -> MandateProposal:
        return propose_as(self.world.booker, self.world.agency, self.talent, **{"kind": "mother"} | asked)

    def open_set(self, photographs: tuple[str, ...] = ()) -> CaptureSet:
        captures = capture.open_capture_set(by=self.world.maya.actor, twin=self.twin, taken_on=TODAY())
        for name in photographs:
            raw = photograph("P001", name)
            capture.keep(capture_set=captures, name=name, clean=sanitise(raw), face=faces_of("P001", name))
        return captures

    def member(self) -> Membership:
        return Membership.objects.select_related("organization").get(user=self.world.booker.user)

    def asked_for_twins(self) -> MandateProposal:
        """Signed, and whether it covers her twin waits for her."""
        proposal = self.proposal(covers_twins=True)
        sign_as(self.world.maya, proposal)
        proposal.refresh_from_db()
        return proposal

    def mandate(self) -> Mandate:
        return Mandate.objects.select_related("talent", "agency").get(talent=self.talent, agency=self.world.agency)

    def roster_file(self) -> RosterUpload:
        """Looked at, and waiting for the word to take it over."""
        csv = f"{HEADER}\n{ADA}\n".encode()
        upload = uploading.send_file(by=self.world.booker.actor, agency=self.world.agency, name="roster.csv", data=csv)
        RosterUpload.objects.filter(pk=upload.pk).update(state="checked")
        return RosterUpload.objects.select_related("agency", "file").get(pk=upload.pk)

    def programme(self) -> Programme:
        return programme_of(self.owner, self.world.agency)

    def place(self) -> Place:
        """Hers, in a programme of her agency, not answered yet."""
        verified(self.world.maya.user)
        return invited(self.owner, self.programme(), self.world.maya)

    def archive(self) -> Archive:
        """Packed by now."""
        archive = archives.ask(by=self.world.maya.actor, twin=self.twin)
        archives.make(archive_id=archive.pk)
        return Archive.objects.select_related("twin__talent", "file").get(pk=archive.pk)

    def asked_member(self) -> Any:
        return team_inviting.invite(
            by=self.owner.actor, organization=self.world.agency, email="new@tests.example", role="booker"
        )
