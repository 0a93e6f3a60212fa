"""Photos: what comes in from a phone, made fit to be kept and shown (DESIGN.md §3, Photos).

`clean_photo` turns an upload into the only picture that is kept: upright, sRGB, at most 2400 px,
without a trace of where and with what it was taken. `derive` makes every file of it that is
stored. Nothing here knows a model or a storage; figures are from measurements on photos of
handicraft.
"""

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pillow_heif
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000  # the largest that phones take is 50 megapixels; a decoding bomb has more
MIN_SIDE = 600
MASTER_SIDE = 2400

# The widths in CSS pixels of cards and work pages, times the screens' densities.
WIDTHS = (240, 360, 480, 720, 960, 1440)
JPEG_WIDTH = 720  # for what reads neither AVIF nor WebP
SHARE_SIZE = (1200, 630)  # the card that messengers and social networks show

# At these a thread of an embroidery is still a thread. AVIF is a fifth to a third smaller than
# WebP. Speed 9 takes a quarter of the time of 8, for files 3 to 7 % larger at the same PSNR.
AVIF = {"format": "AVIF", "quality": 54, "speed": 9}
WEBP = {"format": "WEBP", "quality": 75}
JPEG = {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True}
# Never sent to the public; other sizes are made from it later, so it gives up next to nothing.
MASTER = {"format": "JPEG", "quality": 88, "optimize": True, "progressive": True}

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # a phone's MPO is opened as the JPEG that it begins as
# How a picture stands by its EXIF. Not by ImageOps.exif_transpose, which writes the EXIF anew, and
# fails when another entry than the orientation is odd.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")

# One picture at a time is decoded in a process: 48 megapixels of HEIC take 400 MB for two and a
# half seconds, and a few teachers who send such photos in the same minute must not end the process.
_decoding = threading.Lock()


class PhotoError(ValidationError):
    """An upload that cannot be taken; the message tells the person what to do instead."""


@dataclass(frozen=True)
class CleanPhoto:
    """What is kept of an upload: an upright RGB image in sRGB, no side above MASTER_SIDE."""

    image: Image.Image

    @property
    def width(self):
        return self.image.width

    @property
    def height(self):
        return self.image.height


@dataclass(frozen=True)
class Rendition:
    """One file of a photo: its name within the photo, Pillow's format name, pixels, bytes."""

    name: str
    format: str
    width: int
    height: int
    data: bytes


# --- Coming in --------------------------------------------------------------------------------


def clean_photo(file) -> CleanPhoto:
    """The picture in an uploaded file (JPEG, PNG, WebP or HEIC; of several, the first).

    `file` is open for reading, seekable, and left open. Raises PhotoError for anything else, for
    a damaged file, and for one above MAX_BYTES or MAX_PIXELS (judged by its header, undecoded) or
    with a side below MIN_SIDE.
    """
    if file.seek(0, io.SEEK_END) > MAX_BYTES:
        raise PhotoError(
            _("This file is larger than %(limit)d MB. Choose a smaller one."),
            code="bytes",
            params={"limit": MAX_BYTES // 1024**2},
        )
    with _opened(file) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise _too_many_pixels()
        if min(width, height) < MIN_SIDE:
            raise PhotoError(
                _(
                    "This photo is too small (%(width)d × %(height)d). Its shorter side must have "
                    "at least %(limit)d pixels."
                ),
                code="small",
                params={"width": width, "height": height, "limit": MIN_SIDE},
            )
        with _decoding:
            shrunk, profile = _decode(picture)
    image = _to_srgb(_upright(_on_white(shrunk)), profile)
    bare = Image.new("RGB", image.size)  # a new one, so that no metadata can come along
    bare.paste(image)
    return CleanPhoto(bare)


def _opened(file):
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    try:
        return Image.open(file, formats=_FORMATS)
    # The warning comes as an exception where warnings are errors. It needs no such setting: above
    # our own limit a picture is refused in any case, before a pixel is decoded.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:  # what a reader of a hostile file may raise is listed nowhere
        if b"<svg" in head:
            raise PhotoError(
                _("This is a drawing (SVG), not a photo. Choose a JPG, PNG, WebP or HEIC file."),
                code="svg",
            ) from None
        if head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")) or head[4:8] == b"ftyp":
            raise _damaged() from None
        raise PhotoError(
            _("This file is not a photo. Choose a JPG, PNG, WebP or HEIC file."), code="format"
        ) from None


def _too_many_pixels():
    return PhotoError(
        _("This photo has more than %(limit)d megapixels. Choose a smaller one."),
        code="pixels",
        params={"limit": MAX_PIXELS // 1_000_000},
    )


def _damaged():
    return PhotoError(
        _("This photo is damaged or was uploaded only in part. Choose it once more."),
        code="damaged",
    )


def _decode(picture):
    """The pixels at MASTER_SIDE or below, in mode L, RGB, RGBA or CMYK, and the colour profile."""
    try:
        picture.draft(None, (MASTER_SIDE, MASTER_SIDE))  # a JPEG is decoded at half the size
        picture.load()
        if picture.mode in ("I;16", "I;16B", "I;16L", "I"):  # 16 bits of grey, else cut at 255
            picture = picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
        elif picture.has_transparency_data:
            picture = picture.convert("RGBA")
        elif picture.mode not in ("L", "RGB", "CMYK"):
            picture = picture.convert("RGB")
        picture.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS)
    except Exception:  # as above
        raise _damaged() from None
    return picture, picture.info.get("icc_profile")


def _on_white(image):
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image)
    flat = flat.convert("RGB")
    flat.info = image.info
    return flat


def _upright(image):
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # EXIF that nobody can read turns the photo nowhere else either
        return image
    return image if turn is None else image.transpose(turn)


def _to_srgb(image, profile):
    """Phones photograph in Display P3; without this a red cloth would turn out dull."""
    if profile:
        try:
            return ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):  # a broken profile, or one for another mode
            pass
    return image.convert("RGB")


# --- Going out --------------------------------------------------------------------------------


def widths(width):
    """The widths in which a photo `width` pixels wide is stored; it is never enlarged.

    Those of WIDTHS that it has, and its own when the next smaller one would lose much of it.
    """
    steps = [step for step in WIDTHS if step <= width]
    if not steps or (width < WIDTHS[-1] and width > steps[-1] * 1.15):
        steps.append(width)
    return tuple(steps)


def share_size(width, height):
    """Width and height of the share card of a photo: SHARE_SIZE, or smaller in its proportion."""
    scale = min(1, width / SHARE_SIZE[0], height / SHARE_SIZE[1])
    return round(SHARE_SIZE[0] * scale), round(SHARE_SIZE[1] * scale)


def rendition_names(width):
    """The names of all files of a photo `width` pixels wide, in the order of `derive`."""
    return (
        "master.jpg",
        f"{min(width, JPEG_WIDTH)}.jpg",
        "share.jpg",
        *(f"{step}.{extension}" for step in widths(width) for extension in ("avif", "webp")),
    )


def derive(image, focal=(0.5, 0.5)) -> Iterator[Rendition]:
    """Every file that is stored of a clean photo, one at a time; `focal` as for `share_card`."""
    yield _rendition("master.jpg", image, MASTER)
    yield _rendition(f"{min(image.width, JPEG_WIDTH)}.jpg", _narrowed(image, JPEG_WIDTH), JPEG)
    yield share_card(image, focal)
    for step in widths(image.width):
        narrowed = _narrowed(image, step)
        yield _rendition(f"{step}.avif", narrowed, AVIF)
        yield _rendition(f"{step}.webp", narrowed, WEBP)


def share_card(image, focal=(0.5, 0.5)) -> Rendition:
    """The picture for messengers and social networks, cut from a clean photo or its master.

    `focal`: the part that stays, (0, 0) the upper left, (1, 1) the lower right, as CSS
    `object-position` means it.
    """
    size = share_size(*image.size)
    card = ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=focal)
    return _rendition("share.jpg", card, JPEG)


def _narrowed(image, width):
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)


def _rendition(name, image, options):
    data = io.BytesIO()
    image.save(data, **options)
    return Rendition(name, options["format"], image.width, image.height, data.getvalue())
