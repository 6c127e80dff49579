"""The two texts of a mandate as the model reads and signs them: the mandate itself, and whether it covers her twin."""

from pathlib import Path

from apps.common.legal_texts import fill, long_date, percent, places, words
from apps.common.territories import country_name
from apps.talent.models import MandateProposal

TEXT_VERSION = "2026-11"
AGENCY_NOTICE_DAYS = 30
FOLDER = Path(__file__).parent / "texts" / TEXT_VERSION


def mandate_text(proposal: MandateProposal, *, language: str) -> str:
    """Kind, territories, term, commission, how it ends: everything that she binds herself to, and that it is no
    power of attorney (New York Fashion Workers Act)."""
    return _text(proposal, "mandate", language)


def twins_text(proposal: MandateProposal, *, language: str) -> str:
    """A mandate covers twins only where that is signed separately."""
    return _text(proposal, "twins", language)


def _text(proposal: MandateProposal, section: str, language: str) -> str:
    said = words(FOLDER, language)
    agency = proposal.agency
    values = {
        "model": proposal.talent.stage_name,
        "agency": agency.name,
        "legal_name": agency.legal_name,
        "agency_country": country_name(agency.country, language),
        "kind": said["kind"][proposal.kind],
        "territories": places(proposal.territories, said["worldwide"], language),
        "starts_on": long_date(proposal.starts_on, language),
        "ends_on": long_date(proposal.ends_on, language),
        "commission": percent(proposal.commission_bp, language),
        "mother": percent(proposal.mother_bp, language),
        "notice": str(AGENCY_NOTICE_DAYS),
    }
    return fill([said[section]["title"], *said[section]["lines"]], values)
