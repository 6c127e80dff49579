"""What can be done with a twin, one function per act."""

from apps.twins.services.capture import add_photograph, create_twin, open_capture_set
from apps.twins.services.enrolment import enrol, fail_enrolment, finish_enrolment
from apps.twins.services.erasure import erase
from apps.twins.services.listing import approval_text, approve_version, pause, reject_version, resume

__all__ = [
    "add_photograph",
    "approval_text",
    "approve_version",
    "create_twin",
    "enrol",
    "erase",
    "fail_enrolment",
    "finish_enrolment",
    "open_capture_set",
    "pause",
    "reject_version",
    "resume",
]
