"""The scenes: each module has one ``render(stage)`` that returns display BGR, 0..1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from gpu_service.preview.scenes import block, gobo, hair, mono
from gpu_service.preview.stage import Stage

SCENE_FUNCTIONS: dict[str, Callable[[Stage], NDArray[Any]]] = {
    "block": block.render,
    "gobo": gobo.render,
    "hair": hair.render,
    "mono": mono.render,
}
