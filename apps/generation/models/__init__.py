from apps.generation.models.candidate import Candidate
from apps.generation.models.voucher import Voucher
from apps.generation.models.work import Attempt, Job, WebhookReceipt

__all__ = ["Attempt", "Candidate", "Job", "Voucher", "WebhookReceipt"]
