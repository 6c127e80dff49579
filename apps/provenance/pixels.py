"""From whatever came back from the GPU service to bare pixels, and from pixels to the file that is signed."""

import io

from PIL import Image, ImageCms

JPEG_QUALITY = 92


def encode(labelled: Image.Image, packet: bytes) -> bytes:
    """An sRGB JPEG with this XMP packet and nothing else beside the pixels."""
    out = io.BytesIO()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    labelled.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True, icc_profile=srgb, xmp=packet)
    return out.getvalue()


def bare_pixels(picture: bytes) -> Image.Image:
    """RGB pixels on a canvas without anything else; what is transparent becomes white."""
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
        if not opened.has_transparency_data:
            canvas = Image.new("RGB", opened.size)
            canvas.paste(opened.convert("RGB"))
            return canvas
        canvas = Image.new("RGBA", opened.size, "white")
        canvas.alpha_composite(opened.convert("RGBA"))
        return canvas.convert("RGB")
