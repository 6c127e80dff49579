"""The facts of an archive as plain data: what she said of herself, and what became of her twin."""

from collections.abc import Iterator
from typing import Any

from apps.bookings.models import Deliverable, Download, Licence, PictureView
from apps.common.refs import ref
from apps.conversations.models import Message, Thread
from apps.conversations.seats import seats_at
from apps.generation.models import Candidate, Job
from apps.talent.models import Boundaries, Talent
from apps.twins.models import Twin, TwinVersion

AT_ONCE = 500  # rows
TOLD = (
    *("stage_name", "country", "board", "languages", "height_cm", "bust_cm", "waist_cm", "hips_cm"),
    *("hair", "eyes", "about", "union"),
)
RULED = ("barred_categories", "barred_media", "barred_territories", "longest_window_months", "lowest_fee_minor")


def profile_facts(talent: Talent) -> dict[str, Any]:
    return {name: getattr(talent, name) for name in TOLD} | {
        "shoe_eu": str(talent.shoe_eu) if talent.shoe_eu else None,
        "birth_date": talent.birth_date.isoformat(),
        "party": talent.party,
    }


def boundary_facts(rules: Boundaries) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in RULED} | {
        "barred_brands": list(rules.barred_brands.order_by("name").values_list("name", flat=True)),
        "licence_types": rules.licence_types,
        "never_again": [{"kind": rule.kind, "value": rule.value} for rule in rules.never_again.all()],
        "body_lock_percent": rules.body_lock,
    }


def version_facts(version: TwinVersion) -> dict[str, Any]:
    approval = version.approval
    return {
        "version": version.ref,
        "number": version.number,
        "capture_set": ref("capture-set", version.capture_set_id),
        "state": version.state,
        "engine": version.engine,
        "begun_at": version.created_at.isoformat(),
        "approval": approval
        and {
            "signature": ref("signature", approval.pk),
            "signed_at": approval.signed_at.isoformat(),
            "text_sha256": approval.text_sha256,
            "language": approval.language,
            "text": approval.text,
        },
    }


def candidates(twin: Twin) -> Iterator[dict[str, Any]]:
    """Every picture that came back, also those that a check stopped or she rejected."""
    rows = Candidate.objects.filter(job__version__twin=twin).select_related(
        "file", "attempt", "job__version", "job__voucher", "review__booking__brand"
    )
    for one in rows.order_by("created_at").iterator(AT_ONCE):
        review = getattr(one, "review", None)
        yield {
            "candidate": one.ref,
            "version": one.job.version.ref,
            "capture_set": ref("capture-set", one.job.version.capture_set_id),
            "made_for": "test sheet" if one.job.kind == Job.Kind.TEST else "booking",
            "booking": review.booking.code if review else None,
            "brand": review.booking.brand.name if review else None,
            "scene": one.job.spec.get("scene"),
            "made_at": one.created_at.isoformat(),
            "made_from": [ref("photograph", source) for source in one.attempt.report.get("source_refs", [])],
            "check": one.state,
            "decision": review.decision if review else None,
            "decided_at": _moment(review and review.decided_at),
            "selected_at": _moment(review and review.selected_at),
            "sha256": one.file.sha256,
            "deleted_at": _moment(one.file.deleted_at),
        }


def deliverables(twin: Twin) -> Iterator[dict[str, Any]]:
    rows = Deliverable.objects.filter(licence__twin=twin).select_related("licence", "file", "review__candidate")
    for one in rows.order_by("created_at").iterator(AT_ONCE):
        yield {
            "deliverable": one.ref,
            "candidate": one.review.candidate.ref,
            "licence": one.licence.code,
            "label": one.label,
            "format": one.format,
            "sha256": one.sha256,
            "released_at": one.created_at.isoformat(),
            "deleted_at": _moment(one.file.deleted_at),
        }


def licences(twin: Twin) -> Iterator[dict[str, Any]]:
    rows = Licence.objects.filter(twin=twin).select_related("brand", "booking")
    for one in rows.order_by("created_at").iterator(AT_ONCE):
        yield {
            "licence": one.code,
            "booking": one.booking.code,
            "title": one.booking.title,
            "brand": one.brand.name,
            "media": one.media,
            "territories": one.territories,
            "category": one.category,
            "exclusivity": one.exclusivity,
            "starts_on": one.starts_on.isoformat(),
            "ends_on": one.ends_on.isoformat(),
            "state": one.state,
        }


def downloads(twin: Twin) -> Iterator[dict[str, Any]]:
    """Who took a deliverable, and when (GDPR art. 15: the recipients)."""
    rows = Download.objects.filter(deliverable__licence__twin=twin).select_related("deliverable__licence__brand")
    for one in rows.order_by("created_at").iterator(AT_ONCE):
        yield {
            "deliverable": one.deliverable.ref,
            "brand": one.deliverable.licence.brand.name,
            "at": one.created_at.isoformat(),
        }


def views(twin: Twin) -> Iterator[dict[str, Any]]:
    """Which brand looked at which picture, day by day: the access log that she reads on her page."""
    rows = PictureView.objects.filter(review__booking__twin=twin).select_related("review__booking__brand")
    for one in rows.order_by("day", "created_at").iterator(AT_ONCE):
        yield {
            "candidate": ref("candidate", one.review.candidate_id),
            "brand": one.review.booking.brand.name,
            "day": one.day.isoformat(),
        }


def messages(twin: Twin) -> Iterator[dict[str, Any]]:
    """Every message that she reads on her pages, her own and what was written to her; a deleted one says nothing."""
    rows = Message.objects.filter(thread__in=Thread.objects.of_model(twin.talent_id)).order_by("created_at", "number")
    rows = rows.select_related("writer", *(f"thread__booking__{name}" for name in ("brand", "agency", "twin__talent")))
    for one in rows.prefetch_related("attachments").iterator(AT_ONCE):
        booking, between = one.thread.booking, one.thread.between
        names = {seat.party: seat.name for seat in seats_at(booking, between)}
        yield {
            "booking": booking.code,
            "between": one.thread.get_between_display(),
            "number": one.number,
            "from": names.get(one.party, one.party),
            "person": str(one.writer) if one.writer else None,
            "written_at": one.created_at.isoformat(),
            "text": one.body,
            "deleted_at": _moment(one.deleted_at),
            "attachments": [
                {"attachment": ref("attachment", row.pk), "name": row.name, "state": row.state}
                for row in one.attachments.all()
                if one.deleted_at is None
            ],
        }


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None
