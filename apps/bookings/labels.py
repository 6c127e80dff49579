"""The label kit: which visible label, icon and caption a market asks for, each row with the source of its rule.

Consent does not remove a label. One row applies to one country and channel: the first that fits, from the strictest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from apps.common.errors import InvalidInput
from apps.common.vocabulary import Medium

_EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)  # the Union itself; a region of the price is wider
_ADVERTISING = frozenset({Medium.PAID_SOCIAL, Medium.OUT_OF_HOME, Medium.TV, Medium.MULTI_RETAILER, Medium.ECOMMERCE})
_SPOKEN = {
    **dict.fromkeys(["FR", "LU", "MC"], "fr"),
    **dict.fromkeys(["DE", "AT", "CH", "LI"], "de"),
    **dict.fromkeys(["IT", "SM", "VA"], "it"),
    **dict.fromkeys(sorted({"ES", "MX"}), "es"),
}
STANDARD = "standard"
ICON = "sparkles"


@dataclass(frozen=True)
class Rule:
    """One row. `words` are burnt in and `caption` goes under the picture, by language; English stands in for others.

    None for `territories` or `channels` means any. `since` is the first day on which the law asks for it; the label is
    used before that day as well.
    """

    code: str
    name: str
    source: str
    since: date | None
    territories: frozenset[str] | None
    channels: frozenset[str] | None
    words: dict[str, str]
    caption: dict[str, str]
    only_altered: bool = False

    def fits(self, territory: str, channel: str, *, body_altered: bool) -> bool:
        return (
            (self.territories is None or territory in self.territories)
            and (self.channels is None or channel in self.channels)
            and (body_altered or not self.only_altered)
        )


_CAPTION = {
    "en": "Made with AI from the digital twin of $model, with her consent. Licence $code: $url",
    "fr": "Créé par IA à partir du jumeau numérique de $model, avec son accord. Licence $code : $url",
    "de": "Mit KI aus dem digitalen Zwilling von $model gemacht, mit ihrer Zustimmung. Lizenz $code: $url",
    "it": "Creato con l’IA dal gemello digitale di $model, con il suo consenso. Licenza $code: $url",
    "es": "Creado con IA a partir del gemelo digital de $model, con su consentimiento. Licencia $code: $url",
}
RULES = (
    Rule(
        "fr-body",
        "Retouched silhouette",
        "France: Code de la santé publique, art. L. 2133-2; décret n° 2017-738",
        date(2017, 10, 1),
        frozenset({"FR"}),
        None,
        {"fr": "Photographie retouchée · générée par IA", "en": "Photographie retouchée · AI-generated"},
        {language: f"Photographie retouchée. {words}" for language, words in _CAPTION.items()},
        only_altered=True,
    ),
    Rule(
        "ny",
        "Synthetic performer",
        "New York General Business Law § 396-b: synthetic performer disclosure",
        date(2026, 6, 9),
        frozenset({"US"}),
        _ADVERTISING,
        {"en": "Synthetic performer · AI-made digital twin"},
        {"en": f"This advertisement includes a synthetic performer. {_CAPTION['en']}"},
    ),
    Rule(
        "eu",
        "AI-generated",
        "EU AI Act, Regulation (EU) 2024/1689, art. 50",
        date(2026, 8, 2),
        _EU,
        None,
        {
            "en": "AI-generated · digital twin",
            "fr": "Généré par IA · jumeau numérique",
            "de": "KI-generiert · digitaler Zwilling",
            "it": "Generato con IA · gemello digitale",
            "es": "Generado con IA · gemelo digital",
        },
        _CAPTION,
    ),
    Rule(
        STANDARD,
        "AI-made",
        "No law of this market known to us: our own rule, everywhere",
        None,
        None,
        None,
        {
            "en": "AI-made · digital twin",
            "fr": "Fait par IA · jumeau numérique",
            "de": "KI-gemacht · digitaler Zwilling",
            "it": "Fatto con IA · gemello digitale",
            "es": "Hecho con IA · gemelo digital",
        },
        _CAPTION,
    ),
)
_BY_CODE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Label:
    """One row in one language. `code` is what a deliverable carries."""

    rule: Rule
    language: str

    @property
    def code(self) -> str:
        return (
            self.rule.code
            if (self.rule.code, self.language) == (STANDARD, "en")
            else f"{self.rule.code}:{self.language}"
        )

    @property
    def text(self) -> str:
        return self.rule.words[self.language]

    @property
    def caption(self) -> str:
        return self.rule.caption[self.language]


def label_for(territory: str, channel: str, *, body_altered: bool = False) -> Label:
    """The label that this market asks for, in its language where we have it. There always is one."""
    rule = next(rule for rule in RULES if rule.fits(territory, channel, body_altered=body_altered))
    spoken = _SPOKEN.get(territory, "en")
    return Label(rule, spoken if spoken in rule.words else "en")


def label_of(code: str) -> Label:
    """The label that a deliverable carries. Raises InvalidInput for another code."""
    kind, _, language = code.partition(":")
    rule = _BY_CODE.get(kind)
    if rule is None or (language or "en") not in rule.words:
        raise InvalidInput("This is no label of ours.", field="label")
    return Label(rule, language or "en")


def every_label() -> Iterator[Label]:
    for rule in RULES:
        for language in rule.words:
            yield Label(rule, language)
