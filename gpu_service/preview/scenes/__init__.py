"""The scenes: each module has one ``render(stage)`` that returns display BGR, 0..1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from gpu_service.preview.scenes import (
    arch,
    beauty,
    block,
    collage,
    double,
    eyewear,
    gobo,
    hair,
    location,
    mono,
    prints,
    product,
    stripes,
)
from gpu_service.preview.stage import Stage

SCENE_FUNCTIONS: dict[str, Callable[[Stage], NDArray[Any]]] = {
    "block": block.render,
    "gobo": gobo.render,
    "mono": mono.render,
    "beauty": beauty.render,
    "prints": prints.render,
    "eyewear": eyewear.render,
    "product": product.render,
    "location": location.render,
    "stripes": stripes.render,
    "double": double.render,
    "collage": collage.render,
    "hair": hair.render,
    "arch": arch.render,
}
