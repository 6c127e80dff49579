"""One task for each thing that waits, and a sweep that finds again what a lost message dropped.

The services queue these tasks and the tasks call the services: both import the other's module, never a name from it.
"""

import logging
from uuid import UUID

from celery import shared_task

from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.payments import services, waiting
from apps.payments.errors import NotSettledYet
from apps.payments.models import Charge, PayoutAccount

logger = logging.getLogger(__name__)


@shared_task
def process_event(event_id: str) -> None:
    services.process_event(event_id=UUID(event_id))


@shared_task
def run_op(op_id: str) -> None:
    services.run_op(op_id=UUID(op_id))


@shared_task
def announce_charge(charge_id: str) -> None:
    services.announce(charge_id=UUID(charge_id))


@shared_task
def settle_charge(charge_id: str) -> None:
    try:
        services.settle(Charge.objects.get(pk=charge_id))
    except (NotSettledYet, OutcomeUnknown) as error:
        # An open page is looked at again every minute.
        logger.info("Charge %s is not settled yet: %s", charge_id, error)


@shared_task
def look_at_account(account_id: str) -> None:
    try:
        services.refresh(PayoutAccount.objects.get(pk=account_id))
    except (NotSettledYet, OutcomeUnknown, Rejected) as error:
        # Looked at again some hours later.
        logger.info("Payout account %s could not be read: %s", account_id, error)


@shared_task
def sweep() -> None:
    """Queues each waiting thing on its own: one that fails holds up no other."""
    for event_id in waiting.events():
        process_event.delay(str(event_id))
    for op_id in waiting.ops():
        run_op.delay(str(op_id))
    for charge_id in waiting.unannounced():
        announce_charge.delay(str(charge_id))
    for charge_id in waiting.take_unpaid():
        settle_charge.delay(str(charge_id))
    for account_id in waiting.take_accounts():
        look_at_account.delay(str(account_id))
