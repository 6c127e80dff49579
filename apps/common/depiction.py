"""What a picture shows, in the terms in which a model can rule it out: its scene, its crop, its light, its clothes.

Scenes are made by the GPU service; what stands here of each is what one sees in it (product.md, "Never again").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from apps.common.vocabulary import Category


class Kind(models.TextChoices):
    SCENE = "scene", "Scene"
    CROP = "crop", "Crop"
    LIGHT = "light", "Light"
    CLOTHES = "clothes", "Clothes"


class Crop(models.TextChoices):
    FULL = "full", "full figure"
    THREE_QUARTER = "three_quarter", "three-quarter figure"
    PORTRAIT = "portrait", "portrait, head and shoulders"


class Light(models.TextChoices):
    HARD = "hard", "hard light with a sharp shadow"
    WINDOW = "window", "the pattern of a window across me"
    SIDE = "side", "one light from the side"
    GEL = "gel", "coloured light on my skin"
    SUN = "sun", "high or low sun"
    PRINT = "print", "printed over, in inks or cut paper"


class Clothes(models.TextChoices):
    DYED = "dyed", "my clothes in another colour"
    STRIPES = "stripes", "a striped top"
    SUNGLASSES = "sunglasses", "sunglasses"


@dataclass(frozen=True)
class Seen:
    """`crop` is what the scene takes when nobody asks for another."""

    title: str
    crop: Crop
    light: Light
    clothes: tuple[Clothes, ...] = ()


SEEN: dict[str, Seen] = {
    "block": Seen("Colour block", Crop.FULL, Light.HARD),
    "gobo": Seen("Window light", Crop.THREE_QUARTER, Light.WINDOW, (Clothes.DYED,)),
    "mono": Seen("Monochrome", Crop.PORTRAIT, Light.SIDE),
    "beauty": Seen("Beauty", Crop.PORTRAIT, Light.GEL),
    "prints": Seen("Three prints", Crop.PORTRAIT, Light.PRINT),
    "eyewear": Seen("Eyewear", Crop.PORTRAIT, Light.SUN, (Clothes.DYED, Clothes.SUNGLASSES)),
    "product": Seen("With product", Crop.PORTRAIT, Light.SIDE),
    "location": Seen("Park, low sun", Crop.THREE_QUARTER, Light.SUN),
    "stripes": Seen("Stripes", Crop.THREE_QUARTER, Light.HARD, (Clothes.STRIPES,)),
    "double": Seen("Double exposure", Crop.PORTRAIT, Light.PRINT),
    "collage": Seen("Collage", Crop.THREE_QUARTER, Light.PRINT),
    "hair": Seen("Hair", Crop.PORTRAIT, Light.HARD, (Clothes.DYED,)),
    "arch": Seen("Arch", Crop.FULL, Light.HARD, (Clothes.DYED,)),
}
LABELS: dict[str, Mapping[str, str]] = {
    Kind.SCENE: {name: seen.title for name, seen in SEEN.items()},
    Kind.CROP: {value: str(label) for value, label in Crop.choices},
    Kind.LIGHT: {value: str(label) for value, label in Light.choices},
    Kind.CLOTHES: {value: str(label) for value, label in Clothes.choices},
    "category": {value: str(label) for value, label in Category.choices},
}
NOUNS = {
    Kind.SCENE: "This scene",
    Kind.CROP: "This crop",
    Kind.LIGHT: "This light",
    Kind.CLOTHES: "These clothes",
    "category": "This kind of product",
}


@dataclass(frozen=True)
class Trait:
    """One thing that a picture shows and a rule can name."""

    kind: str
    value: str

    @property
    def words(self) -> str:
        return LABELS[self.kind].get(self.value, self.value)

    @property
    def sentence(self) -> str:
        """As she ticks it: which thing of this picture, and what it is called."""
        return f"{NOUNS[self.kind]}: {self.words[:1].lower() + self.words[1:]}"


def traits(scene: str, crop: str = "") -> tuple[Trait, ...]:
    """Of a scene with the crop that was asked for, or its own. A scene that nobody described has only its name."""
    seen = SEEN.get(scene)
    found = [Trait(Kind.SCENE, scene)]
    if crop or seen:
        found.append(Trait(Kind.CROP, crop or str(seen.crop if seen else "")))
    if seen:
        found += [Trait(Kind.LIGHT, str(seen.light)), *(Trait(Kind.CLOTHES, str(worn)) for worn in seen.clothes)]
    return tuple(found)


def traits_of_spec(spec: Mapping[str, Any]) -> tuple[Trait, ...]:
    """Of what a job asks the GPU service for."""
    art = spec.get("art") or {}
    return traits(str(spec.get("scene", "")), art.get("crop") or "")


def is_known(kind: str, value: str) -> bool:
    return value in LABELS.get(kind, {})
