"""The flowers of Ottoman ornament, as outlines that tile, wood and needle all use.

A flower is a list of parts in painting order, standing on 0 and growing upwards (-y) to about 1.
"""

import math
from typing import NamedTuple

from .shapes import Points, circle, drop, flip, leaf, place, polar, ribbon, spline, star


class Part(NamedTuple):
    """An outline, what it is ('petal', 'second', 'heart', 'leaf', 'stem'), and where it grows from
    and to: the way of a brush or of satin stitches."""

    outline: Points
    role: str
    root: complex
    tip: complex


def set_at(parts, at: complex, turn: float = 0, scale: float = 1) -> list[Part]:
    """The flower at `at`, leaning `turn` turns clockwise, `scale` cm tall."""
    return [
        Part(place(p.outline, at, turn, scale), p.role, *place([p.root, p.tip], at, turn, scale))
        for p in parts
    ]


def up(points: Points) -> Points:
    """A shape that was made along x, now along -y."""
    return [p * -1j for p in points]


def tulip() -> list[Part]:
    """The slender İznik tulip with outward-curling tips."""
    side = spline(
        [0, -0.2 - 0.1j, -0.27 - 0.38j, -0.2 - 0.72j, -0.3 - 1.02j, -0.12 - 0.86j, -0.03 - 0.5j],
        closed=True,
    )
    middle = spline(
        [0, -0.15 - 0.32j, -0.11 - 0.7j, -1.08j, 0.11 - 0.7j, 0.15 - 0.32j], closed=True
    )
    heart = spline([-0.16j, -0.05 - 0.32j, -0.52j, 0.05 - 0.32j], closed=True)
    return [
        Part(middle, "second", 0, -1.08j),
        Part(side, "petal", 0, -0.3 - 1j),
        Part(flip(side), "petal", 0, 0.3 - 1j),
        Part(heart, "heart", 0, -0.5j),
    ]


def carnation(teeth: int = 9) -> list[Part]:
    """A fan with a jagged edge over a green cup."""

    def fan(r: float, spread: float, n: int) -> Points:
        edge = []
        for i in range(2 * n + 1):
            a = -0.25 + spread * (i / (2 * n) - 0.5)
            edge.append(-0.28j + polar(r * (1 if i % 2 else 0.84), a))
        return [-0.25j, *edge]

    parts = [Part(fan(0.75, 0.5, teeth), "petal", -0.28j, -1j)]
    parts.append(Part(fan(0.54, 0.4, teeth - 2), "second", -0.28j, -0.8j))
    parts.append(Part(fan(0.34, 0.3, teeth - 4), "petal", -0.28j, -0.6j))
    cup = spline(
        [0, -0.1 - 0.14j, -0.12 - 0.36j, -0.28j, 0.12 - 0.36j, 0.1 - 0.14j], closed=True, n=5
    )
    parts.append(Part(cup, "leaf", 0, -0.36j))
    return parts


def rosette(petals: int = 6, layers: int = 2) -> list[Part]:
    """A blossom seen from above (penç), its middle at 0, radius 0.5."""
    parts = []
    for k in range(layers):
        r = 0.5 - 0.17 * k
        role = ("petal", "second", "petal")[k]
        for i in range(petals):
            a = (i + 0.5 * k) / petals
            shape = place(drop(r, r * 3.6 / petals), 0, a)
            parts.append(Part(shape, role, 0, polar(r, a)))
    parts.append(Part(circle(0, 0.1, 20), "heart", 0, -0.1j))
    return parts


def rose() -> list[Part]:
    """A many-petalled round rose, its middle at 0, radius 0.5."""
    parts = []
    for r, n, width, role in (
        (0.5, 7, 0.42, "petal"),
        (0.39, 6, 0.36, "second"),
        (0.28, 5, 0.3, "petal"),
        (0.17, 4, 0.2, "second"),
    ):
        for i in range(n):
            a = i / n + r
            shape = place(drop(r, width), 0, a)
            parts.append(Part(shape, role, 0, polar(r, a)))
    parts.append(Part(circle(0, 0.07, 16), "heart", 0, -0.07j))
    return parts


def hatai() -> list[Part]:
    """The lotus-like palmette seen from the side."""
    parts = []
    for i, a in enumerate((-0.2, 0.2, -0.13, 0.13, -0.06, 0.06)):
        shape = place(up(drop(0.62 + 0.08 * (i // 2), 0.3)), -0.22j, a)
        parts.append(Part(shape, "petal" if i // 2 % 2 == 0 else "second", -0.22j, shape[12]))
    middle = place(up(drop(0.8, 0.34)), -0.2j)
    parts.append(Part(middle, "petal", -0.2j, -1j))
    parts.append(Part(place(up(drop(0.5, 0.18)), -0.26j), "heart", -0.26j, -0.76j))
    for s in (-0.21, 0.21):
        cup = place(up(leaf(0.34, 0.15, s)), -0.03j, s * 0.75)
        parts.append(Part(cup, "leaf", 0, cup[7]))
    parts.append(Part(place(up(drop(0.34, 0.2)), 0), "second", 0, -0.34j))
    return parts


def bud() -> list[Part]:
    petal = spline([0, -0.2 - 0.3j, -0.14 - 0.7j, -1j, 0.14 - 0.7j, 0.2 - 0.3j], closed=True)
    cup = spline([0, -0.17 - 0.2j, -0.2 - 0.5j, -0.3j, 0.2 - 0.5j, 0.17 - 0.2j], closed=True, n=5)
    return [Part(petal, "petal", 0, -1j), Part(cup, "leaf", 0, -0.4j)]


def hyacinth() -> list[Part]:
    """A spike of small bells."""
    parts = [Part(ribbon([0, -0.5j, -0.95j], 0.03), "stem", 0, -1j)]
    for k in range(6):
        y = -0.3 - 0.12 * k
        r = 0.2 - 0.02 * k
        for s in (-1, 1):
            bell = place(star(0, r * 0.62, r * 0.28, 5, 0.05 * k), complex(s * r * 0.72, y))
            parts.append(Part(bell, "petal", complex(0, y), bell[0]))
    parts.append(Part(place(star(0, 0.09, 0.04, 5), -1.0j), "petal", -0.95j, -1.08j))
    return parts


def saz(teeth: int = 7, bend: float = 0.25) -> list[Part]:
    """The long curved leaf with a toothed edge, and its vein."""
    path = spline([0, -0.35j + bend * 0.6, -0.72j + bend * 0.65, -1.05j], n=6)
    last = len(path) - 1

    def width(t):
        body = math.sin(math.pi * t**0.75) ** 0.8
        return 0.3 * body * (1 + 0.22 * math.cos(t * teeth * math.tau))

    vein = ribbon(path[1 : last - 1], lambda t: 0.035 * (1.1 - t))
    return [
        Part(ribbon(path, width), "leaf", 0, -1.05j),
        Part(vein, "heart", 0, -0.9j),
    ]


def plain_leaf(bend: float = 0.3, width: float = 0.3) -> list[Part]:
    shape = up(leaf(1, width, bend))
    return [Part(shape, "leaf", 0, -1j)]


def rumi() -> list[Part]:
    """The split leaf of rumi scrolls: a comma with a curled lobe."""
    body = ribbon(
        spline([0, 0.22 - 0.2j, 0.2 - 0.55j, -0.1 - 0.95j, -0.32 - 0.9j], n=7),
        lambda t: 0.26 * math.sin(math.pi * min(1, t * 1.05)) ** 0.7 * (1 - 0.45 * t),
    )
    lobe = ribbon(
        spline([0.05 - 0.1j, 0.34 - 0.22j, 0.46 - 0.48j, 0.33 - 0.62j], n=6),
        lambda t: 0.19 * math.sin(math.pi * min(1, t * 1.05)) ** 0.7,
    )
    return [Part(lobe, "second", 0, 0.33 - 0.6j), Part(body, "petal", 0, -0.3 - 0.9j)]


FLOWERS = {
    "tulip": tulip,
    "carnation": carnation,
    "rose": rose,
    "hatai": hatai,
    "rosette": rosette,
    "bud": bud,
    "hyacinth": hyacinth,
}
# Turkish (no plural needed after a number or in a list), English plural
NAMES = {
    "tulip": ("lale", "tulips"),
    "carnation": ("karanfil", "carnations"),
    "rose": ("gül", "roses"),
    "hatai": ("hatai", "hatai palmettes"),
    "rosette": ("penç", "rosettes"),
    "bud": ("gonca", "buds"),
    "hyacinth": ("sümbül", "hyacinths"),
}
FROM_ABOVE = {"rose", "rosette"}  # their middle, not their foot, is at 0
