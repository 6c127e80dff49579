from apps.talent.models.mandates import (
    HIGHEST_COMMISSION_BP,
    ONE_LOCAL_AGENCY,
    Mandate,
    MandateProposal,
    three_years_after,
)
from apps.talent.models.person import ADULT, Board, Talent, age_on
from apps.talent.models.rules import LONGEST_WINDOW_MONTHS, WIDEST_TOLERANCE, Boundaries, NeverAgain, OutsideCommitment

__all__ = [
    "ADULT", "HIGHEST_COMMISSION_BP", "LONGEST_WINDOW_MONTHS", "ONE_LOCAL_AGENCY", "WIDEST_TOLERANCE", "Board",
    "Boundaries", "Mandate", "MandateProposal", "NeverAgain", "OutsideCommitment", "Talent", "age_on",
    "three_years_after",
]  # fmt: skip
