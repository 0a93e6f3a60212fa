"""Printed and plain cottons for patchwork, dolls and kerchiefs."""

from PIL import Image, ImageDraw

from . import texture
from .colour import dark, light
from .shapes import circle, place, polar

PRINTS = ("plain", "dots", "flowers", "stripes", "check", "sprigs")


def cotton(rng, size, scale: float, rgb, second, print_: str, unit: float = 2.4) -> Image.Image:
    """A piece of cotton of `size` pixels; `scale` pixels for a cm, `unit` cm for one repeat."""
    if print_ == "plain":
        out = Image.new("RGB", size, rgb)
    else:
        p = max(8, round(unit * scale))
        big = Image.new("RGB", (p * 2, p * 2), rgb)
        _PRINT[print_](ImageDraw.Draw(big), p * 2, rgb, second, rng)
        out = texture.tile(big.reduce(2), size)
    return out


def _dots(d, p, rgb, second, rng):
    r = p * 0.11
    for x, y in ((0.25, 0.25), (0.75, 0.75)):
        d.ellipse((x * p - r, y * p - r, x * p + r, y * p + r), fill=second)


def _flowers(d, p, rgb, second, rng):
    for x, y, c in ((0.27, 0.3, second), (0.75, 0.76, light(second, 0.45))):
        at = complex(x, y) * p
        for i in range(5):
            d.polygon(
                [(q.real, q.imag) for q in circle(at + polar(p * 0.1, i / 5), p * 0.085, 12)],
                fill=c,
            )
        d.polygon([(q.real, q.imag) for q in circle(at, p * 0.06, 10)], fill=light(rgb, 0.75))
    for x, y, t in ((0.72, 0.25, 0.1), (0.25, 0.72, 0.6), (0.52, 0.5, 0.3)):
        leaf = place([0, 0.1 - 0.06j, 0.2, 0.1 + 0.06j], complex(x, y), t)
        d.polygon([(q.real * p, q.imag * p) for q in leaf], fill=dark(second, 0.35))


def _sprigs(d, p, rgb, second, rng):
    for x, y, t in ((0.25, 0.28, 0.9), (0.75, 0.76, 0.6)):
        for a in (-0.12, 0, 0.12):
            leaf = place([0, 0.12 - 0.05j, 0.24, 0.12 + 0.05j], complex(x, y), t + a)
            d.polygon([(q.real * p, q.imag * p) for q in leaf], fill=second)


def _stripes(d, p, rgb, second, rng):
    for k in range(2):
        x = p * (k / 2 + 0.1)
        d.rectangle((x, 0, x + p * 0.16, p), fill=second)
        d.rectangle((x + p * 0.25, 0, x + p * 0.29, p), fill=light(rgb, 0.6))


def _check(d, p, rgb, second, rng):
    half = p // 2
    mid = tuple((a + b) // 2 for a, b in zip(rgb, second, strict=True))
    d.rectangle((0, 0, half - 1, half - 1), fill=second)
    d.rectangle((half, 0, p, half - 1), fill=mid)
    d.rectangle((0, half, half - 1, p), fill=mid)


_PRINT = {
    "dots": _dots,
    "flowers": _flowers,
    "sprigs": _sprigs,
    "stripes": _stripes,
    "check": _check,
}


def woven(sheet, rng, contrast: float = 0.14) -> None:
    """Give everything painted so far the fine weave of cotton."""
    pitch = sheet.px(0.06)
    if pitch >= 1.6:
        sheet.shade(texture.weave(rng, sheet.size, pitch, contrast))
    sheet.shade(texture.noise(rng, sheet.size), 0.06)
