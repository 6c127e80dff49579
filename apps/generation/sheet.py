"""The test sheet: the pictures that show a model her new version before it is used for anything.

Scenes that can be made of any photographs, each in a colour of the twin's own, so that no two sheets look alike. The
wish is frozen with the voucher; what it says is all that may be made on it.
"""

from collections.abc import Mapping
from typing import Any

from apps.common.errors import InvalidInput
from apps.common.vocabulary import Format
from apps.twins.models import Twin, TwinVersion

SCENES = ("hair", "block", "gobo", "mono")
COLOURED = ("hair", "block", "gobo")
FORMAT = Format.PORTRAIT
FEWEST_PICTURES = 2  # fewer show a model too little of her twin to sign for
# One row for one twin: the wall behind the portrait, the ground of the figure, the plaster in the window's light.
PALETTES = (
    ("#d39a35", "#d8412f", "#9c5236"),
    ("#a9bfd0", "#2b4fa3", "#5f7485"),
    ("#9aa58a", "#2f5d4a", "#77754a"),
    ("#d9a6a0", "#b32d54", "#a8655e"),
    ("#b9adcf", "#5a2f5e", "#86688a"),
    ("#d8cdb9", "#e0a021", "#b99468"),
    ("#b85c34", "#1f5966", "#8f4e33"),
    ("#b5c9bb", "#e2662b", "#80783f"),
    ("#b8b3aa", "#27324f", "#9b8b78"),
)


def sheet_of(version: TwinVersion) -> dict[str, Any]:
    """What the test sheet of this version shall show. Twins made one after another get palettes that differ."""
    place = Twin.objects.filter(created_at__lt=version.twin.created_at).count()
    colours = dict(zip(COLOURED, PALETTES[place % len(PALETTES)], strict=True))
    light = ("left", "right")[place % 2]
    return {
        "version": version.number,
        "pictures": [_wish(scene, colours.get(scene, ""), light) for scene in SCENES],
    }


def read_sheet(scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The wishes in a frozen sheet. Raises InvalidInput for a scope that is none."""
    pictures = scope.get("pictures")
    if not isinstance(pictures, list) or not pictures or len({wish["scene"] for wish in pictures}) != len(pictures):
        raise InvalidInput("A test sheet names the scenes of its pictures, each once.")
    return pictures


def is_on(scope: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
    """Whether this picture, whatever its seed, stands on the frozen sheet."""
    wish = {key: value for key, value in spec.items() if key != "seed"}
    return wish in read_sheet(scope)


def _wish(scene: str, colour: str, light: str) -> dict[str, Any]:
    return {"scene": scene, "format": str(FORMAT), "art": {"colour": colour, "light": light}}
