"""The studio: a painted piece is laid or hung, lit from the upper left, and finished."""

import math

from PIL import Image, ImageChops, ImageFilter

from . import texture
from .sheet import Sheet, cast

# What the piece lies on or hangs on: kind and colour
LINEN = ("linen", (222, 209, 186))
OAT = ("linen", (203, 188, 163))
CHALK = ("wall", (236, 230, 219))
CLAY = ("wall", (222, 198, 176))
SAGE = ("wall", (198, 203, 187))
DUSK = ("wall", (176, 186, 192))
SAND = ("wall", (226, 212, 188))
OAK = ("wood", (178, 136, 92))
WALNUT_TABLE = ("wood", (112, 76, 50))


def ground(kind: str, rgb, rng, size, zoom: float) -> Image.Image:
    """A plain background; `zoom` makes its threads or grain as much larger as the piece is."""
    long = max(size)
    if kind == "linen":
        out = Image.new("RGB", size, rgb)
        out = texture.shade(out, texture.weave(rng, size, max(2, long / 640 * zoom), 0.2))
        out = texture.shade(out, texture.cloudy(rng, size, long / 5, 2), 0.07)
    elif kind == "wood":
        out = texture.wood(rng, size, rgb, long / 110 * zoom**0.5, planks=round(4 / zoom**0.5))
    else:
        rough = texture.cloudy(rng, size, long / 36 * zoom, 2)
        out = Image.new("RGB", size, rgb)
        out = texture.shade(out, texture.relief(rough, 0.12, 4, 1.5))
        out = texture.shade(out, texture.cloudy(rng, size, long / 3, 2), 0.06)
    return out


def warp(images, size, source, nx: int = 20, ny: int | None = None):
    """Bend the images: `source(x, y) -> (x, y)` says where a pixel of the result comes from.

    It is asked at the corners of nx × ny patches; between them the way is straight.
    """
    w, h = size
    nx, ny = min(nx, max(1, w // 2)), min(ny or nx, max(1, h // 2))
    xs = [round(w * i / nx) for i in range(nx + 1)]
    ys = [round(h * j / ny) for j in range(ny + 1)]
    at = [[source(x, y) for x in xs] for y in ys]
    mesh = [
        (
            (xs[i], ys[j], xs[i + 1], ys[j + 1]),
            (*at[j][i], *at[j + 1][i], *at[j + 1][i + 1], *at[j][i + 1]),
        )
        for j in range(ny)
        for i in range(nx)
    ]
    how = (size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    return [image.transform(*how) for image in images]


def bent(rng, sheet: Sheet, size, centre: complex, turn: float, wave: float, lean: float):
    """The sheet in a frame of `size` pixels with the sheet's `centre` (cm) in the middle.

    turn: degrees; wave: how many pixels a soft cloth wanders; lean: share by which the upper edge
    is further away than the lower one.
    """
    w, h = size
    cx = (centre.real - sheet.window[0]) * sheet.scale
    cy = (centre.imag - sheet.window[1]) * sheet.scale
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    phase = [rng.uniform(0, math.tau) for _ in range(4)]
    kx, ky = math.tau / w * rng.uniform(0.8, 1.5), math.tau / h * rng.uniform(0.8, 1.5)

    def source(x, y):
        far = 1 + lean * (0.5 - y / h)
        u, v = (x - w / 2) * far, (y - h / 2) * (1 + lean * 0.4 * (0.5 - y / h))
        du = wave * (math.sin(y * ky + phase[0]) + 0.5 * math.sin(y * ky * 2.3 + phase[1]))
        dv = wave * (math.sin(x * kx + phase[2]) + 0.5 * math.sin(x * kx * 2.1 + phase[3]))
        return cx + u * c - v * s + du, cy + u * s + v * c + dv

    return warp((sheet.rgb, sheet.mask), size, source)


def stain(back: Image.Image, rgb, mask, reach: float) -> Image.Image:
    """Coloured light that falls through glass on the wall, `reach` pixels further down."""
    k = 8
    blur = ImageFilter.GaussianBlur(reach / k / 3)
    small, veil = rgb.reduce(k).filter(blur), mask.reduce(k)
    colours, where = Image.new("RGB", small.size), Image.new("L", veil.size, 0)
    at = (round(reach * 0.7 / k), round(reach / k))
    colours.paste(small, at)
    where.paste(veil, at)
    where = where.filter(blur).resize(back.size, Image.Resampling.BILINEAR)
    colours = colours.resize(back.size, Image.Resampling.BILINEAR)
    lit = ImageChops.multiply(back, colours.point([round(150 + v * 0.41) for v in range(256)] * 3))
    return Image.composite(lit, back, where)


def compose(back: Image.Image, rgb, mask, *, lift: float, depth: float, thick: float):
    """The piece on its background: a wide shadow, a close one, and the light on its edge.

    lift: how far it stands off, as a share of the long side; thick: strength of the lit edge.
    """
    long = max(back.size)
    for reach, strength, way in (
        (lift * 2.6, depth * 0.55, (0.5, 0.7)),
        (lift, depth, (0.45, 0.6)),
    ):
        soft = cast(mask, long * reach, way).point([round(v * strength) for v in range(256)])
        back.paste((52, 38, 30), (0, 0, *back.size), soft)
    if thick:
        edge = texture.relief(mask.filter(ImageFilter.BoxBlur(2)), thick, 3)
        rgb = texture.shade(rgb, edge)
    back.paste(rgb, (0, 0), mask)
    return back


def finish(rng, picture: Image.Image, warmth: float = 1) -> Image.Image:
    """Daylight from the upper left, darker corners, a breath of grain."""
    size = picture.size
    x, y = rng.uniform(0.15, 0.4), rng.uniform(0.05, 0.3)
    glow = texture.spot((size[0] // 4, size[1] // 4), (x, y), 1.15, 92, 142)
    glow = glow.resize(size, Image.Resampling.BILINEAR)
    picture = texture.shade(picture, glow, 0.8)
    picture = texture.shade(picture, texture.noise(rng, size), 0.035)
    r, g, b = picture.split()
    g = g.point([round(255 * (v / 255) ** (1 + 0.012 * warmth)) for v in range(256)])
    b = b.point([round(255 * (v / 255) ** (1 + 0.05 * warmth)) for v in range(256)])
    return Image.merge("RGB", (r, g, b))


def gloss(rgb: Image.Image, mask: Image.Image, glare: Image.Image, amount: float) -> Image.Image:
    """Varnish or glaze: `glare` (grey, 0 = none) screened over the masked part."""
    glare = ImageChops.multiply(glare, mask).point([round(v * amount) for v in range(256)])
    return ImageChops.screen(rgb, Image.merge("RGB", (glare, glare, glare)))
