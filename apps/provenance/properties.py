"""From the facts of a release to the metadata fields that say them."""

from dataclasses import fields
from typing import Any

from apps.provenance.facts import ReleaseFacts
from apps.provenance.xmp import Alternatives, Items, Properties, Structures

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
PHOTOGRAPHER = "Photographer"
PLUS = "http://ns.useplus.org/ldf/vocab/"


def properties_of(facts: ReleaseFacts) -> Properties:
    """Every field of the packet. Empty facts leave their field out: metadata claims nothing that is not known."""
    printable = _printable(facts)
    everything: Properties = _source(printable) | _people(printable) | _licence(printable)
    return {name: value for name, value in everything.items() if value}


def _printable(facts: ReleaseFacts) -> ReleaseFacts:
    """Texts on one line, without the control characters that XML cannot carry."""
    values: dict[str, Any] = {field.name: getattr(facts, field.name) for field in fields(facts)}
    values |= {name: _line(value) for name, value in values.items() if isinstance(value, str)}
    return ReleaseFacts(**values)


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _source(facts: ReleaseFacts) -> Properties:
    return {
        "Iptc4xmpExt:DigitalSourceType": SOURCE_TYPES + facts.digital_source_type,
        "Iptc4xmpExt:AISystemUsed": facts.engine,
        "Iptc4xmpExt:AISystemVersionUsed": facts.engine_version,
        "Iptc4xmpExt:DigImageGUID": f"urn:uuid:{facts.deliverable_id}",
        "photoshop:Credit": "Double",
        "dc:creator": Items((*_named(facts, PHOTOGRAPHER), "Double"), ordered=True),
        "dc:description": Alternatives(facts.label_text),
    }


def _people(facts: ReleaseFacts) -> Properties:
    return {
        "Iptc4xmpExt:PersonInImage": Items((f"{facts.model_name} (digital twin)",)),
        "Iptc4xmpExt:AddlModelInfo": "AI digital twin of an adult model, made with the model's consent",
        "Iptc4xmpExt:Contributor": _contributors(facts),
        "plus:ModelReleaseStatus": f"{PLUS}MR-LMR",
        "plus:ModelReleaseID": Items(tuple(facts.release_ids)),
        "plus:MinorModelAgeDisclosure": PLUS + _age_code(facts.model_age),
    }


def _licence(facts: ReleaseFacts) -> Properties:
    return {
        "dc:rights": Alternatives(f"Digital twin of {facts.model_name}. Use under licence {facts.licence_id} only."),
        "xmpRights:Marked": "True",
        "xmpRights:WebStatement": facts.licence_url,
        "xmpRights:UsageTerms": Alternatives(facts.usage_terms),
        "plus:Licensor": Structures(
            tuple(
                (("plus:LicensorName", name), ("plus:LicensorURL", facts.licence_url))
                for name in (facts.model_name, facts.agency_name)
                if name
            )
        ),
        "plus:Licensee": Structures(((("plus:LicenseeName", facts.brand_name),),)),
        "plus:LicenseID": facts.licence_id,
        "plus:LicenseEndDate": facts.licence_ends.isoformat(),
        "plus:DataMining": f"{PLUS}DMI-PROHIBITED-GENAIMLTRAINING",
    }


def _named(facts: ReleaseFacts, part: str) -> tuple[str, ...]:
    return tuple(_line(name) for did, name in facts.credits if did == part)


def _contributors(facts: ReleaseFacts) -> Structures | str:
    """Everybody but the photographer, who is the creator. The part stands behind the name: IPTC's role is an
    address out of a list that has no hair and no make-up."""
    rows = [f"{_line(name)} ({_line(did)})" for did, name in facts.credits if did != PHOTOGRAPHER]
    named = tuple((("Iptc4xmpExt:Name", Alternatives(text)),) for text in rows)
    return Structures(named, ordered=False) if named else ""


def _age_code(age: int | None) -> str:
    """PLUS knows 25 and over, each year below, and unknown."""
    if age is None:
        return "AG-UNK"
    return "AG-A25" if age >= 25 else f"AG-A{age}"
