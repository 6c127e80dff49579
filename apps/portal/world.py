"""The world as tiles: one square for each country, by part of the world. No shapes, no areas, nothing left out.

A map of outlines hides Monaco and shows Greenland; a licence holds as much in the one as in the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.common.territories import COUNTRIES, WORLD, country_name

TILE = 30  # units of the drawing
PITCH = 34
ACROSS = 10

# Parts as the United Nations count them (M49), the Americas at Panama's border.
PARTS: dict[str, str] = {
    "Europe": "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD "
    "ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
    "North and Central America": "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS "
    "MX NI PA PM PR SV SX TC TT US VC VG VI",
    "South America": "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
    "Asia": "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM "
    "PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    "Africa": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW "
    "MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
    "Oceania": "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV VU WF WS",
}
ELSEWHERE = "Elsewhere"


@dataclass(frozen=True)
class Tile:
    code: str
    name: str
    x: int
    y: int
    lit: bool


@dataclass(frozen=True)
class Part:
    """One part of the world. `words` say the same as its tiles."""

    name: str
    tiles: list[Tile]
    lit: int
    words: str
    width: int
    height: int


def world_of(territories: Iterable[str]) -> list[Part]:
    """Every part with its countries, those of `territories` lit; codes that no part has come last, only when lit."""
    wanted = frozenset(territories)
    everywhere = WORLD in wanted
    placed = {name: codes.split() for name, codes in PARTS.items()}
    left = sorted((wanted & COUNTRIES) - {code for codes in placed.values() for code in codes})
    if left:
        placed[ELSEWHERE] = left
    return [_part(name, codes, wanted, everywhere) for name, codes in placed.items()]


def _part(name: str, codes: list[str], wanted: frozenset[str], everywhere: bool) -> Part:
    tiles = [
        Tile(code, country_name(code), PITCH * (at % ACROSS), PITCH * (at // ACROSS), everywhere or code in wanted)
        for at, code in enumerate(codes)
    ]
    lit = [tile.name for tile in tiles if tile.lit]
    rows = -(-len(codes) // ACROSS)
    words = "all of it" if len(lit) == len(tiles) else ", ".join(sorted(lit)) or "none"
    return Part(name, tiles, len(lit), words, PITCH * ACROSS - (PITCH - TILE), PITCH * rows - (PITCH - TILE))
