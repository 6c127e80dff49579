"""What can be done with vouchers and GPU work, one function per act."""

from apps.generation.services.announcing import announce
from apps.generation.services.cancellation import cancel_revoked
from apps.generation.services.ingestion import ingest
from apps.generation.services.orders import order_enrolment, order_pictures
from apps.generation.services.polling import poll
from apps.generation.services.sheets import choose_cover, forget_sheet, order_sheet, settle_sheet, stop_sheets
from apps.generation.services.submission import submit
from apps.generation.services.sweeping import dispatch, sweep
from apps.generation.services.vouchers import issue_voucher, revoke_vouchers
from apps.generation.services.webhooks import receive_notice

__all__ = [
    "announce",
    "cancel_revoked",
    "choose_cover",
    "dispatch",
    "forget_sheet",
    "ingest",
    "issue_voucher",
    "order_enrolment",
    "order_pictures",
    "order_sheet",
    "poll",
    "receive_notice",
    "revoke_vouchers",
    "settle_sheet",
    "stop_sheets",
    "submit",
    "sweep",
]
