"""What we read of Stripe's objects. Amounts are minor units, currencies upper-case ISO 4217, times UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class CheckoutSession:
    id: str
    status: str  # open, complete, expired
    paid: bool
    url: str
    payment_intent: str  # empty until the payer confirms
    expires_at: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class PaymentIntent:
    id: str
    status: str
    amount_received_minor: int
    currency: str
    latest_charge: str
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class CardCharge:
    id: str
    paid: bool
    disputed: bool
    amount_minor: int
    refunded_minor: int
    currency: str
    balance_transaction: str  # empty while Stripe has not booked it yet


@dataclass(frozen=True)
class BalanceTransaction:
    """What really moved on our balance: net = amount − fee, in the currency of the balance."""

    id: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    created_at: datetime


@dataclass(frozen=True)
class CardRefund:
    id: str
    status: str  # pending, requires_action, succeeded, failed, canceled
    amount_minor: int
    currency: str
    balance_transaction: str
    failure_balance_transaction: str
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class ConnectedAccount:
    """How far a payee's account is. Money may be sent to it while `transfers` is "active"."""

    id: str
    closed: bool
    transfers: str  # active, pending, restricted, rejected, unsupported
    reason: str  # why it is not active; empty when it is
    resolution: str  # provide_info, contact_stripe, no_resolution; empty when it is active


@dataclass(frozen=True)
class VerificationSession:
    """One look at a document and a face, by Stripe. `url` is for one visit and never kept."""

    id: str
    status: str  # requires_input, processing, verified, canceled
    url: str
    error: str  # why the last thing shown was not enough; empty before anything was
    birth_date: date | None
    redaction: str  # empty, processing, redacted


@dataclass(frozen=True)
class Notice:
    """A verified webhook: which event about which object. `body` is kept as evidence, never believed as state."""

    event_id: str
    account: str  # empty for the platform's own account
    type: str
    object_id: str
    metadata: Mapping[str, str]
    body: Mapping[str, Any]
