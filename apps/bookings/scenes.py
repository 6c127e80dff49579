"""The scenes a brand can pick, in words; the GPU service, which makes them, knows them by the same names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    name: str
    title: str
    description: str


SCENES: tuple[Scene, ...] = (
    Scene("block", "Colour block", "Full figure on a seamless colour, hard light, a long shadow."),
    Scene("gobo", "Window light", "Three-quarter figure on warm plaster, the light of a window across it."),
    Scene("mono", "Monochrome", "A portrait in black and white, side light and grain."),
    Scene("beauty", "Beauty", "A tight portrait for skin, make-up and hair."),
    Scene("prints", "Three prints", "A large portrait and two smaller photographs as prints on paper."),
    Scene("eyewear", "Eyewear", "A portrait in high sun, with sunglasses."),
    Scene("product", "With product", "A portrait beside your product on a plinth of the same colour."),
    Scene("location", "Park, low sun", "Outdoors among trees, late light."),
    Scene("stripes", "Stripes", "Thigh up in a striped tee before two panels of colour."),
    Scene("double", "Double exposure", "Two photographs of the model printed over each other, in two inks."),
    Scene("collage", "Collage", "Scissor edges, a print and shapes of paper."),
    Scene("hair", "Hair", "A portrait for hair on a loud wall, with its own hard shadow."),
    Scene("arch", "Arch", "Full figure before an arch, tone on tone."),
)
NAMES = frozenset(scene.name for scene in SCENES)
WITH_PRODUCT = frozenset({"product"})  # cannot be made without a picture of the brand's product
