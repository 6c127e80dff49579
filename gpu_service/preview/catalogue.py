"""What the engine can make, without loading any picture library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpu_service import ENGINE

FORMATS = {"4:5": (1080, 1350), "1:1": (1080, 1080), "9:16": (1080, 1920), "16:9": (1920, 1080)}
CROPS = ("full", "three_quarter", "portrait")


@dataclass(frozen=True)
class SceneInfo:
    """A scene of the default set. ``crops``: the first is what the scene takes when nothing is asked for."""

    name: str
    title: str
    crops: tuple[str, ...]
    product: bool = False


SCENES = (
    SceneInfo("block", "Colour block", ("full", "three_quarter")),
    SceneInfo("gobo", "Window light", ("three_quarter", "portrait")),
    SceneInfo("mono", "Monochrome", ("portrait", "three_quarter")),
    SceneInfo("beauty", "Beauty", ("portrait",)),
    SceneInfo("prints", "Three prints", ("portrait",)),
    SceneInfo("eyewear", "Eyewear", ("portrait",)),
    SceneInfo("product", "Product in front", ("portrait",), product=True),
    SceneInfo("location", "On location", ("three_quarter", "full")),
    SceneInfo("stripes", "Stripes", ("three_quarter",)),
    SceneInfo("double", "Double exposure", ("portrait",)),
    SceneInfo("collage", "Cut paper", ("three_quarter",)),
    SceneInfo("hair", "Hair", ("portrait",)),
    SceneInfo("arch", "Arch", ("full", "three_quarter")),
)


def scene_info(name: str) -> SceneInfo | None:
    return next((scene for scene in SCENES if scene.name == name), None)


def capabilities() -> dict[str, Any]:
    """The part of the capabilities that depends on the engine."""
    return {
        "engine": ENGINE,
        "generative": False,
        "scenes": [
            {
                "name": scene.name,
                "title": scene.title,
                "crops": list(scene.crops),
                "colour": True,
                "light": True,
                "product": scene.product,
                "formats": list(FORMATS),
            }
            for scene in SCENES
        ],
        "formats": {name: {"width": width, "height": height} for name, (width, height) in FORMATS.items()},
    }
