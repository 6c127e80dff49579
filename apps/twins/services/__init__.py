"""What can be done with a twin, one function per act."""

from apps.twins.services.best_before import remind, renewal_is_due
from apps.twins.services.capture import add_photograph, create_twin, open_capture_set
from apps.twins.services.enrolment import enrol, fail_enrolment, finish_enrolment, finish_test
from apps.twins.services.erasure import erase
from apps.twins.services.listing import approval_text, approve_version, pause, reject_version, resume
from apps.twins.services.showing import remove_cover, set_cover, take_cover_away
from apps.twins.services.uploading import (
    expect_photograph,
    hand_over,
    look_at_upload,
    missing,
    photograph_arrived,
    remove_upload,
    send_photograph,
)

__all__ = [
    "add_photograph",
    "approval_text",
    "approve_version",
    "create_twin",
    "enrol",
    "erase",
    "expect_photograph",
    "fail_enrolment",
    "finish_enrolment",
    "finish_test",
    "hand_over",
    "look_at_upload",
    "missing",
    "open_capture_set",
    "pause",
    "photograph_arrived",
    "reject_version",
    "remind",
    "remove_cover",
    "remove_upload",
    "renewal_is_due",
    "resume",
    "send_photograph",
    "set_cover",
    "take_cover_away",
]
