"""The talent's digital likeness: what it is made from, its trained states, and the face vectors that guard it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.media.models import StoredFile
from apps.signatures.models import Signature
from apps.talent.models import Talent


class TwinQuerySet(models.QuerySet["Twin"]):
    def with_people(self) -> "TwinQuerySet":
        return self.select_related("talent", "talent__boundaries", "chosen_cover")


class Twin(BaseModel):
    """A twin belongs to its talent. Only a listed, unpaused one with an approved version is bookable."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Being made"
        AWAITING_APPROVAL = "awaiting_approval", "Waits for the model's approval"
        LISTED = "listed", "Listed"
        PAUSED = "paused", "Paused by the model"
        RETIRED = "retired", "Retired"

    talent = models.OneToOneField(Talent, on_delete=models.PROTECT, related_name="twin")
    state = models.CharField(max_length=20, choices=State.choices, default=State.PREPARING)
    chosen_cover = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cover_until = models.DateTimeField(null=True, blank=True, help_text="when her consent to promote ends")
    best_before = models.DateField(null=True, blank=True, help_text="approved again by then")
    reminded_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="how many days before that she was last told of it"
    )

    objects = TwinQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen_cover=None, cover_until=None)
                | Q(chosen_cover__isnull=False, cover_until__isnull=False),
                name="twin_cover_with_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"Twin of {self.talent}"

    @property
    def cover(self) -> StoredFile | None:
        """The picture that she picked, while her consent to promote is in force: whatever shows a twin shows this.

        A withdrawal clears it at once (receivers.py); the consent's own end is looked at here.
        """
        return self.chosen_cover if self.cover_until and self.cover_until > timezone.now() else None

    @property
    def ref(self) -> str:
        return ref("twin", self.pk)


class CaptureSet(BaseModel):
    """The reference photographs one twin is made from; at least three."""

    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="capture_sets")
    taken_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="no photograph is added afterwards")

    def __str__(self) -> str:
        return f"Capture set of {self.twin.talent}"


class Photograph(BaseModel):
    """One reference photograph, encrypted at rest under the twin's key."""

    capture_set = models.ForeignKey(CaptureSet, on_delete=models.CASCADE, related_name="photographs")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    quality = models.JSONField(default=dict, blank=True, help_text="what the GPU service measured at enrolment")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["capture_set", "name"], name="photograph_name_once")]

    def __str__(self) -> str:
        return self.name


class CaptureUpload(BaseModel):
    """A file that she sent for a capture set: looked at by a task, then kept as a photograph or refused with a reason.

    The bytes as they came are in `file`, encrypted under the twin's key, or under the name `incoming` where her browser
    brought them straight to the storage; served to nobody in either case, and deleted with the verdict.
    """

    class Shot(models.TextChoices):
        FRONT = "front", "Your face, from the front"
        LEFT = "left", "Half turned to the left"
        RIGHT = "right", "Half turned to the right"
        FULL = "full", "Head to foot"

    class State(models.TextChoices):
        WAITING = "waiting", "Being looked at"
        KEPT = "kept", "Good"
        REFUSED = "refused", "Not kept"

    capture_set = models.ForeignKey(CaptureSet, on_delete=models.CASCADE, related_name="uploads")
    shot = models.CharField(max_length=10, choices=Shot.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was not kept, and what would help")
    file = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    incoming = models.CharField("name in the storage", max_length=60, blank=True)
    photograph = models.OneToOneField(Photograph, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["created_at"], condition=Q(state="waiting"), name="capture_upload_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="kept", photograph__isnull=False) | (~Q(state="kept") & Q(photograph=None)),
                name="capture_upload_kept_as_photograph",
            ),
            models.CheckConstraint(
                condition=Q(file=None) & ~Q(incoming="") | Q(file__isnull=False, incoming=""),
                name="capture_upload_came_one_way",
            ),
            models.UniqueConstraint(
                fields=["incoming"], condition=~Q(incoming=""), name="capture_upload_incoming_once"
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="capture_upload_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_shot_display()}, {self.get_state_display()}"


class TwinVersion(BaseModel):
    """One trained state of a twin, approved by the talent before use."""

    class State(models.TextChoices):
        TRAINING = "training", "In training"
        TESTING = "testing", "Test sheet being made"
        READY = "ready", "Waits for the model"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected by the model"
        FAILED = "failed", "Failed"

    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="versions")
    capture_set = models.ForeignKey(CaptureSet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.TRAINING)
    engine = models.CharField(max_length=40, blank=True)
    approval = models.OneToOneField(Signature, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["twin", "number"], name="twin_version_number_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approval__isnull=False), name="twin_version_approved_with_signature"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.twin}"

    @property
    def ref(self) -> str:
        return ref("version", self.pk)


class VersionArtefact(BaseModel):
    """What the engine made of the photographs of a version, encrypted under the twin's key: hers to take away.

    Weights where the engine trains, measurements where it composes only; `note` is the engine's own word for it.
    """

    class Kind(models.TextChoices):
        WEIGHTS = "weights", "Weights"
        MEASUREMENTS = "measurements", "Measurements"

    version = models.ForeignKey(TwinVersion, on_delete=models.CASCADE, related_name="artefacts")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="artefact_name_once_per_version")]

    def __str__(self) -> str:
        return f"{self.name} of {self.version}"


class FaceVectorQuerySet(models.QuerySet["FaceVector"]):
    def in_use(self) -> "FaceVectorQuerySet":
        """What the guard compares with: the faces of photographs that were handed over."""
        return self.filter(used_from__isnull=False)


class FaceVector(BaseModel):
    """The face embedding of one photograph (128 × float32, SFace), encrypted under the twin's key.

    Biometric data (GDPR art. 9): kept under the scan consent, with the photograph, and deleted with it or the twin.
    Until its capture set is handed over it only tells whether the next photograph shows the same person.
    """

    photograph = models.OneToOneField(Photograph, on_delete=models.CASCADE, related_name="face_vector")
    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="face_vectors")
    ciphertext = models.BinaryField()
    used_from = models.DateTimeField(null=True, blank=True, help_text="when its capture set was handed over")

    objects = FaceVectorQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["used_from"], condition=Q(used_from__isnull=False), name="face_vector_in_use")]

    def __str__(self) -> str:
        return f"Face vector of {self.photograph}"
