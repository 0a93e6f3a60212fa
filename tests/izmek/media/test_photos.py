"""Photos: what is taken, what is refused and why, and that nothing of the phone stays in them.

The pictures are made here, small, so that the tests are quick: 600 px is the least that is taken.
"""

import fcntl
import io
import struct
import threading
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import ExifTags, Image, ImageCms, ImageDraw, ImageOps

from izmek.media import photos
from izmek.media.photos import PhotoError, clean_photo, derive

WHITE, RED, BLUE, GREEN = (255, 255, 255), (200, 60, 60), (40, 60, 160), (40, 140, 60)


def picture(size=(800, 600), mode="RGB", colour=RED):
    """A plain picture whose upper left quarter is blue."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=BLUE)
    return image.convert(mode)


def upload(image, form="JPEG", **options):
    """The picture as a browser sends it."""
    data = io.BytesIO()
    image.save(data, form, **options)
    return SimpleUploadedFile("IMG_0001", data.getvalue())


def near(pixel, colour, by=6):
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def refusal(data):
    with pytest.raises(PhotoError) as caught:
        clean_photo(SimpleUploadedFile("foto.jpg", data))
    return caught.value


# --- Taken ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "RGB", {"progressive": True}),
        ("JPEG", "CMYK", {}),
        ("PNG", "RGB", {}),
        ("PNG", "P", {}),
        ("WEBP", "RGB", {}),
        ("HEIF", "RGB", {}),
    ],
)
def test_formats(form, mode, options):
    clean = clean_photo(upload(picture(mode=mode), form, **options))
    assert clean.image.mode == "RGB"
    assert (clean.width, clean.height) == (800, 600)
    # The web's palette and naive CMYK are not exact; which is red and which is blue stays.
    assert near(clean.image.getpixel((700, 500)), RED, by=30)
    assert near(clean.image.getpixel((100, 100)), BLUE, by=30)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_grey(form):
    clean = clean_photo(upload(Image.new("L", (700, 600), 120), form))
    assert near(clean.image.getpixel((300, 300)), (120, 120, 120))


def test_black_and_white():
    clean = clean_photo(upload(Image.new("1", (700, 600), 1), "PNG"))
    assert clean.image.getpixel((300, 300)) == WHITE


def test_sixteen_bits_of_grey():
    clean = clean_photo(upload(Image.new("I;16", (700, 600), 120 * 256), "PNG"))
    assert near(clean.image.getpixel((300, 300)), (120, 120, 120))


def test_sixteen_bits_of_colour():
    """Pillow cannot write one, cameras' programs do."""
    row = b"\0" + struct.pack(">3H", 200 * 257, 60 * 257, 60 * 257) * 600

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 600, 600, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * 600))
        + chunk(b"IEND", b"")
    )
    clean = clean_photo(SimpleUploadedFile("a.png", data))
    assert near(clean.image.getpixel((300, 300)), RED)


@pytest.mark.parametrize(
    ("image", "form", "options"),
    [
        (Image.new("RGBA", (700, 600), (*RED, 0)), "PNG", {}),
        (Image.new("RGBA", (700, 600), (*RED, 0)), "WEBP", {}),
        (Image.new("LA", (700, 600), (30, 0)), "PNG", {}),
        (
            Image.new("RGB", (700, 600), RED).quantize(4),
            "PNG",
            {"transparency": Image.new("RGB", (1, 1), RED).quantize(4).getpixel((0, 0))},
        ),
        (Image.new("RGB", (700, 600), RED), "PNG", {"transparency": RED}),
    ],
)
def test_transparency_becomes_white(image, form, options):
    clean = clean_photo(upload(image, form, **options))
    assert clean.image.getpixel((300, 300)) == WHITE


def test_transparent_and_turned():
    clean = clean_photo(upload(picture(mode="RGBA"), "PNG", exif=with_exif(6)))
    assert (clean.width, clean.height) == (600, 800)


def test_half_transparent():
    clean = clean_photo(upload(Image.new("RGBA", (700, 600), (200, 60, 60, 128)), "PNG"))
    assert near(clean.image.getpixel((300, 300)), (227, 157, 157))


def test_large_ones_shrink():
    clean = clean_photo(upload(picture((4000, 1000))))
    assert (clean.width, clean.height) == (2400, 600)


def test_an_avif_is_a_photo_and_turned_upright():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    assert clean_photo(upload(picture((900, 700)), "AVIF", exif=exif)).image.size == (700, 900)


def test_first_picture_of_several():
    """A phone's MPO holds a second picture; an animated WebP many."""
    first, second = picture(), Image.new("RGB", (800, 600), GREEN)
    for form in ("MPO", "WEBP"):
        file = upload(first, form, save_all=True, append_images=[second])
        clean = clean_photo(file)
        assert near(clean.image.getpixel((700, 500)), RED, by=8), form


def with_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telefon"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 46.0, 0.0), 3: "E", 4: (29.0, 58.0, 0.0)})
    return exif


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_turned_upright_and_stripped(form):
    file = upload(picture(), form, exif=with_exif(6))
    assert b"Telefon" in file.read()
    clean = clean_photo(file)
    assert (clean.width, clean.height) == (600, 800)
    assert near(clean.image.getpixel((500, 100)), BLUE)  # upper left went to the upper right
    assert near(clean.image.getpixel((100, 100)), RED)
    assert not clean.image.info
    assert not clean.image.getexif()
    for rendition in derive(clean.image):
        again = Image.open(io.BytesIO(rendition.data))
        assert not again.getexif(), rendition.name
        assert {"exif", "icc_profile", "xmp", "comment"}.isdisjoint(again.info), rendition.name
        assert b"Telefon" not in rendition.data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation(orientation):
    """Held against Pillow's own way to turn."""
    file = upload(picture(), exif=with_exif(orientation))
    expected = ImageOps.exif_transpose(Image.open(file))
    clean = clean_photo(file)
    assert clean.image.size == expected.size
    assert clean.image.tobytes() == expected.tobytes()


def test_unreadable_exif_is_no_reason_to_refuse():
    clean = clean_photo(upload(picture(), exif=b"Exif\0\0MM\0*"))
    assert (clean.width, clean.height) == (800, 600)


def test_an_odd_entry_beside_the_orientation():
    exif = with_exif(6).tobytes().replace(b"\0\2\0\5\0\0\0\3", b"\0\x09\0\5\0\0\0\3")
    clean = clean_photo(upload(picture(), exif=exif))
    assert (clean.width, clean.height) == (600, 800)


def display_p3():
    """An ICC profile with the primaries of phones' displays and the curve of sRGB."""

    def fixed(*numbers):
        return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)

    def xyz(*numbers):
        return b"XYZ \0\0\0\0" + fixed(*numbers)

    curve = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
        b"wtpt": xyz(0.96420, 1.0, 0.82491),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 3) + b"P3\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0",
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249) + bytes(48)
    return header + table + body


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
def test_display_p3_becomes_srgb(form):
    options = {"quality": 95} if form != "PNG" else {}
    clean = clean_photo(upload(picture(), form, icc_profile=display_p3(), **options))
    assert near(clean.image.getpixel((700, 500)), (217, 41, 51), by=4)


def test_srgb_stays_and_a_broken_profile_is_ignored():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"not a profile", display_p3()[:200]):
        clean = clean_photo(upload(picture(), "PNG", icc_profile=profile))
        assert near(clean.image.getpixel((700, 500)), RED, by=1)


def test_a_colour_profile_on_a_grey_photo():
    clean = clean_photo(upload(Image.new("L", (700, 600), 120), "PNG", icc_profile=display_p3()))
    assert near(clean.image.getpixel((300, 300)), (120, 120, 120))


def test_the_file_stays_open():
    file = upload(picture())
    clean_photo(file)
    clean_photo(file)  # and can be read once more


def test_one_is_decoded_at_a_time(monkeypatch):
    """HEIC of 48 megapixels takes 250 MB while it is decoded."""
    decode, inside, most = photos._decode, [], []

    def watched(image):
        inside.append(image)
        most.append(len(inside))
        try:
            return decode(image)
        finally:
            inside.pop()

    monkeypatch.setattr(photos, "_decode", watched)
    files = [upload(picture((1600, 1200)), "HEIF") for _ in range(4)]
    threads = [threading.Thread(target=clean_photo, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_other_processes_of_the_host_are_waited_for_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(photos, "LONGEST_WAIT", 0.1)
    with open(photos.TURN, "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert refusal(saved("JPEG")).code == "busy"
    assert clean_photo(upload(picture())).image.size == (800, 600)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_very_large_heic_is_put_together_of_strips(monkeypatch, mode):
    monkeypatch.setattr(photos, "MASTER_SIDE", 400)
    monkeypatch.setattr(photos, "STRIP", 256)
    large = picture((1201, 901), mode)
    clean = clean_photo(upload(large, "HEIF", exif=with_exif(6)))
    as_jpeg = clean_photo(upload(large.convert("RGB")))
    assert clean.image.size == as_jpeg.image.size == (400, 300)
    for x, y in ((50, 50), (350, 50), (50, 250), (350, 250), (190, 140), (210, 160)):
        assert near(clean.image.getpixel((x, y)), as_jpeg.image.getpixel((x, y)), by=10)


# --- Refused ----------------------------------------------------------------------------------


def png_header(width, height):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (body, idat)
    )


def saved(form, **options):
    return upload(picture(), form, **options).read()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Bu bir metin.", "format"),
        (b"", "empty"),
        (b"\0\0\0\x18ftypisom" + bytes(600), "film"),
        (b"\0\0\0\x14ftypqt  " + bytes(600), "film"),
        (b"\0\0\0\x14ftyp3gp5" + bytes(600), "film"),
        (b"\0\0\0\x08wide" + bytes(600), "film"),
        (b"RIFF\0\0\0\0AVI LIST" + bytes(600), "film"),
        (b"\x1a\x45\xdf\xa3" + bytes(600), "film"),
        (b"RIFF\0\0\0\0WAVEfmt " + bytes(600), "sound"),
        (b"\0\0\0\x18ftypM4A " + bytes(600), "sound"),
        (b"ID3" + bytes(600), "sound"),
        (saved("AVIF")[:-200], "damaged"),
        (upload(picture((6300, 620))).read(), "narrow"),
        (b"%PDF-1.7", "format"),
        (saved("GIF"), "format"),
        (saved("TIFF"), "format"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (saved("JPEG")[:3000], "damaged"),
        (saved("JPEG")[:40], "damaged"),
        (saved("PNG")[:-300], "damaged"),
        (saved("WEBP")[:-100], "damaged"),
        (saved("HEIF")[:-200], "damaged"),
        (saved("HEIF")[:100], "damaged"),
        (png_header(20_000, 20_000), "pixels"),  # 400 megapixels in 100 bytes
        (png_header(9_000, 9_000), "pixels"),
        (png_header(8_000, 8_000), "pixels"),
        (upload(picture((1600, 599))).read(), "small"),
        (saved("JPEG") + bytes(photos.MAX_BYTES), "bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_refused(data, code):
    error = refusal(data)
    assert error.code == code
    assert len(error.messages) == 1


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_bomb_where_warnings_are_errors():
    assert refusal(png_header(9_500, 9_500)).code == "pixels"


@pytest.mark.parametrize(("language", "size"), [("en", "60 megapixels"), ("tr", "60 megapiksel")])
def test_messages_give_the_figures(language, size):
    with translation.override(language):
        assert "1600 × 599" in refusal(upload(picture((1600, 599))).read()).messages[0]
        assert "20 MB" in refusal(bytes(photos.MAX_BYTES + 1)).messages[0]
        assert size in refusal(png_header(8_000, 8_000)).messages[0]


# --- Derived ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (2400, (240, 360, 480, 720, 960, 1440)),
        (1440, (240, 360, 480, 720, 960, 1440)),
        (1200, (240, 360, 480, 720, 960, 1200)),
        (1000, (240, 360, 480, 720, 960)),
        (600, (240, 360, 480, 600)),
        (144, (144,)),
    ],
)
def test_widths(width, widths):
    assert photos.widths(width) == widths


def test_renditions():
    image = clean_photo(upload(picture((1600, 1200)))).image
    made = {rendition.name: rendition for rendition in derive(image)}
    assert tuple(made) == photos.rendition_names(1600)
    assert made["master.jpg"].width == 1600
    assert (made["720.jpg"].width, made["720.jpg"].height) == (720, 540)
    assert (made["share.jpg"].width, made["share.jpg"].height) == (1200, 630)
    for width in photos.WIDTHS:
        for extension, form in (("avif", "AVIF"), ("webp", "WEBP")):
            rendition = made[f"{width}.{extension}"]
            again = Image.open(io.BytesIO(rendition.data))
            assert again.format == rendition.format == form
            assert again.size == (rendition.width, rendition.height) == (width, width * 3 // 4)
            assert near(again.convert("RGB").getpixel((width - 20, width // 2)), RED, by=8)


def test_never_enlarged():
    image = clean_photo(upload(picture((600, 800)))).image
    made = {rendition.name: rendition for rendition in derive(image)}
    assert tuple(made) == photos.rendition_names(600)
    assert max(rendition.width for rendition in made.values()) == 600
    assert made["600.jpg"].width == 600
    assert (made["share.jpg"].width, made["share.jpg"].height) == (600, 315)


def test_share_card_keeps_the_focal_point():
    image = Image.new("RGB", (1200, 1200), RED)
    ImageDraw.Draw(image).rectangle((0, 900, 1200, 1200), fill=GREEN)
    lower = Image.open(io.BytesIO(photos.share_card(image, (0.5, 1)).data))
    upper = Image.open(io.BytesIO(photos.share_card(image, (0.5, 0)).data))
    assert near(lower.getpixel((600, 600)), GREEN, by=8)
    assert near(upper.getpixel((600, 600)), RED, by=8)


def test_a_narrow_panorama():
    """Its short side falls below every step; it is kept all the same."""
    image = clean_photo(upload(picture((600, 6000)))).image
    assert image.size == (240, 2400)
    assert [r.name for r in derive(image)] == list(photos.rendition_names(240))
