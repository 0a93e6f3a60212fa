"""Photos: clean an upload and make the files that are stored (DESIGN.md §3, Photos).

`clean_photo` turns an upload into the only picture that is kept: upright, sRGB, at most 2400 px,
without metadata about place and camera. `derive` makes every stored file from it. This module knows
no model and no storage. The numbers come from measurements on photos of handicraft.
"""

import fcntl
import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000  # phones take up to 50 megapixels; more is likely a decompression bomb
MIN_SIDE = 600
MASTER_SIDE = 2400
STRIP = 256  # rows; an even number
NARROWEST = 10  # times as long as wide: shrunk to MASTER_SIDE, less would be a stripe

# In pixels: the CSS widths of cards and work pages, multiplied by the usual screen densities.
WIDTHS = (240, 360, 480, 720, 960, 1440)
JPEG_WIDTH = 720  # for browsers that read neither AVIF nor WebP
SHARE_SIZE = (1200, 630)  # the picture that messengers and social networks show

# The lowest qualities at which single threads of an embroidery can still be seen. AVIF files are 20
# to 33 % smaller than WebP. Speed 9 takes a quarter of the time of 8; files are 3 to 7 % larger.
AVIF = {"format": "AVIF", "quality": 54, "speed": 9}
WEBP = {"format": "WEBP", "quality": 75}
JPEG = {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True}
# Never sent to the public. Other sizes are made from it later, so its quality is high.
MASTER = {"format": "JPEG", "quality": 88, "optimize": True, "progressive": True}

_FORMATS = (
    "JPEG",
    "PNG",
    "WEBP",
    "HEIF",
    "AVIF",
)  # an MPO file starts with a JPEG and is read as that
# How other files of a phone begin. A film and an HEIC begin alike (`ftyp`), and so do a WebP and a
# sound (`RIFF`): the four letters that follow tell which.
_BRANDS_OF_PHOTOS = (b"he", b"mif", b"msf", b"avi", b"jpeg")
_BOXES_OF_FILMS = (b"moov", b"mdat", b"wide", b"free", b"skip")
# EXIF orientation → transposition. ImageOps.exif_transpose is not used: it rewrites all EXIF data
# and fails if any other entry is invalid.
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

# Only one picture is decoded at a time on a host, whichever process does it: a HEIC of 48 megapixels
# takes 250 MB for two seconds, and a few such uploads at the same time would use up the memory.
TURN = Path(tempfile.gettempdir()) / f"izmek-{os.getuid()}-photos.lock"
LONGEST_WAIT = 20  # seconds; a request may take 30


class PhotoError(ValidationError):
    """An upload that is refused; the message tells the user what to do instead."""


@dataclass(frozen=True)
class CleanPhoto:
    """The part of an upload that is kept: an upright RGB image in sRGB, no side above MASTER_SIDE."""

    image: Image.Image

    @property
    def width(self):
        return self.image.width

    @property
    def height(self):
        return self.image.height


@dataclass(frozen=True)
class Rendition:
    """One stored file of a photo: name in the photo's folder, Pillow format, size in pixels, bytes."""

    name: str
    format: str
    width: int
    height: int
    data: bytes


# --- Upload -----------------------------------------------------------------------------------


def clean_photo(file) -> CleanPhoto:
    """The picture in an uploaded file (JPEG, PNG, WebP, HEIC or AVIF; the first if there are several).

    `file` must be readable and seekable; it is not closed. Raises PhotoError for another format, an
    empty or damaged file, more than MAX_BYTES or MAX_PIXELS (read from the header, before decoding),
    a side below MIN_SIDE or a stripe (NARROWEST).
    """
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise PhotoError(_("This file is empty. Choose it once more."), code="empty")
    if size > MAX_BYTES:
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
        if max(width, height) > NARROWEST * min(width, height):
            raise PhotoError(
                _(
                    "This photo is too narrow (%(width)d × %(height)d). Its longer side may be at "
                    "most %(limit)d times the shorter one."
                ),
                code="narrow",
                params={"width": width, "height": height, "limit": NARROWEST},
            )
        with _turn():
            shrunk, profile = _decode(picture)
    image = _to_srgb(_upright(_on_white(shrunk)), profile)
    bare = Image.new("RGB", image.size)  # a new image, so that no metadata is copied
    bare.paste(image)
    return CleanPhoto(bare)


@contextmanager
def _turn():
    """Wait until no other picture is decoded on this host; a process that dies gives its turn back."""
    with open(os.open(TURN, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "w") as file:
        last = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > last:
                    raise PhotoError(
                        _("Many photos are being sent at this moment. Send this one in a minute."),
                        code="busy",
                    ) from None
            time.sleep(0.05)
        yield


def _opened(file):
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    try:
        return Image.open(file, formats=_FORMATS)
    # The warning is only raised where warnings are errors. If it is not, our own limit refuses the
    # picture before it is decoded.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:  # Pillow does not document what it raises for a broken or hostile file
        if b"<svg" in head:
            raise PhotoError(
                _("This is a drawing (SVG), not a photo. Choose a JPG, PNG, WebP or HEIC file."),
                code="svg",
            ) from None
        if _is_sound(head):
            raise PhotoError(
                _("This is a sound, not a photo. Choose a photo."), code="sound"
            ) from None
        if _is_film(head):
            raise PhotoError(
                _("This is a film, not a photo. Choose a photo."), code="film"
            ) from None
        if head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")) or head[4:8] == b"ftyp":
            raise _damaged() from None
        raise PhotoError(
            _("This file is not a photo. Choose a JPG, PNG, WebP or HEIC file."), code="format"
        ) from None


def _is_sound(head):
    """Whether a file is a sound: MP3, Ogg, WAV or M4A."""
    riff = head.startswith(b"RIFF") and head[8:12] == b"WAVE"
    return riff or head[4:11] in (b"ftypM4A", b"ftypM4B") or head.startswith((b"ID3", b"OggS"))


def _is_film(head):
    """Whether a file is a film: MP4, MOV, 3GP, AVI, WebM or MKV."""
    if head[4:8] == b"ftyp":
        return not head[8:12].startswith(_BRANDS_OF_PHOTOS)
    riff = head.startswith(b"RIFF") and head[8:11] == b"AVI"
    return riff or head[4:8] in _BOXES_OF_FILMS or head.startswith(b"\x1a\x45\xdf\xa3")


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
    """The picture, no side above MASTER_SIDE, in mode L, RGB, RGBA or CMYK, and its colour profile."""
    try:
        picture.draft(None, (MASTER_SIDE, MASTER_SIDE))  # a large JPEG is decoded at half the size
        if picture.format == "HEIF" and min(picture.size) >= 2 * MASTER_SIDE:
            picture = _halved(picture)
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


def _halved(picture):
    """A very large HEIC at half its size, put together of strips.

    The decoder gives all pixels at once; beside them Pillow's own picture of them would be the
    larger half of the memory.
    """
    frame = pillow_heif.open_heif(picture.fp, convert_hdr_to_8bit=True)[picture.tell()]
    data = memoryview(frame.data)  # before its size, which may change with it
    (width, height), mode = frame.size, frame.mode
    half = Image.new(mode, ((width + 1) // 2, (height + 1) // 2))
    for top in range(0, height, STRIP):
        rows = min(STRIP, height - top)
        part = data[top * frame.stride : (top + rows) * frame.stride]
        strip = Image.frombuffer(mode, (width, rows), part, "raw", mode, frame.stride, 1)
        half.paste(strip.reduce(2), (0, top // 2))
    half.info = picture.info
    return half


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
    except Exception:  # unreadable EXIF: no program turns this photo
        return image
    return image if turn is None else image.transpose(turn)


def _to_srgb(image, profile):
    """The picture in sRGB. Phones use Display P3; without the conversion a red cloth looks dull."""
    if profile:
        try:
            return ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):  # a broken profile, or one for another mode
            pass
    return image.convert("RGB")


# --- Stored files -----------------------------------------------------------------------------


def widths(width):
    """The widths in which a photo `width` pixels wide is stored. A photo is never enlarged.

    These are all WIDTHS up to `width`, and `width` itself if the next smaller one is much smaller.
    """
    steps = [step for step in WIDTHS if step <= width]
    if not steps or (width < WIDTHS[-1] and width > steps[-1] * 1.15):
        steps.append(width)
    return tuple(steps)


def share_size(width, height):
    """Width and height of a photo's share card: SHARE_SIZE, or smaller with the same proportions."""
    scale = min(1, width / SHARE_SIZE[0], height / SHARE_SIZE[1])
    return round(SHARE_SIZE[0] * scale), round(SHARE_SIZE[1] * scale)


def first_names(width):
    """The names of the files that a photo `width` pixels wide has from the first moment on."""
    return "master.jpg", f"{min(width, JPEG_WIDTH)}.jpg", "share.jpg"


def rendition_names(width):
    """The names of all files of a photo `width` pixels wide, in the order of `derive`."""
    sizes = (f"{step}.{extension}" for step in widths(width) for extension in ("avif", "webp"))
    return (*first_names(width), *sizes)


def derive(image, focal=(0.5, 0.5)) -> Iterator[Rendition]:
    """Make every stored file of a clean photo, one at a time; `focal` as for `share_card`."""
    yield from derive_first(image, focal)
    yield from derive_sizes(image)


def derive_first(image, focal=(0.5, 0.5)) -> Iterator[Rendition]:
    """What a photo is kept by and shown by at first: a small part of the work (`first_names`)."""
    yield _rendition("master.jpg", image, MASTER)
    yield _rendition(f"{min(image.width, JPEG_WIDTH)}.jpg", _narrowed(image, JPEG_WIDTH), JPEG)
    yield share_card(image, focal)


def derive_sizes(image) -> Iterator[Rendition]:
    """The sizes for each screen, from a clean photo or its master."""
    for step in widths(image.width):
        narrowed = _narrowed(image, step)
        yield _rendition(f"{step}.avif", narrowed, AVIF)
        yield _rendition(f"{step}.webp", narrowed, WEBP)


def share_card(image, focal=(0.5, 0.5)) -> Rendition:
    """The picture for messengers and social networks, cropped from a clean photo or its master.

    `focal`: the part to keep, from (0, 0) upper left to (1, 1) lower right, like CSS
    `object-position`.
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
