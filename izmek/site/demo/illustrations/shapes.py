"""Shapes as lists of complex numbers (x + yj, y downwards), so that turning and scaling are `*`."""

import cmath
import math
from itertools import pairwise

Points = list[complex]
TAU = math.tau


def polar(r: float, angle: float) -> complex:
    """The point at distance r; angle in turns (0 = right, .25 = down)."""
    return cmath.rect(r, angle * TAU)


def place(points: Points, at: complex = 0, turn: float = 0, scale: float = 1) -> Points:
    """The shape turned by `turn` turns, scaled and moved."""
    k = cmath.rect(scale, turn * TAU)
    return [at + p * k for p in points]


def flip(points: Points) -> Points:
    """Mirrored left to right."""
    return [complex(-p.real, p.imag) for p in points]


def circle(at: complex, r: float, n: int = 48) -> Points:
    return [at + polar(r, i / n) for i in range(n)]


def ellipse(at: complex, rx: float, ry: float, n: int = 64, power: float = 2) -> Points:
    """An ellipse; `power` above 2 squares it (a super-ellipse: trays, cushions)."""
    e = 2 / power
    return [
        at
        + complex(
            rx * math.copysign(abs(math.cos(t)) ** e, math.cos(t)),
            ry * math.copysign(abs(math.sin(t)) ** e, math.sin(t)),
        )
        for t in (i * TAU / n for i in range(n))
    ]


def rect(x0: float, y0: float, x1: float, y1: float) -> Points:
    return [complex(x0, y0), complex(x1, y0), complex(x1, y1), complex(x0, y1)]


def star(at: complex, outer: float, inner: float, n: int, turn: float = 0) -> Points:
    return [at + polar(outer if i % 2 == 0 else inner, turn + i / (2 * n)) for i in range(2 * n)]


def bezier(a: complex, b: complex, c: complex, d: complex, n: int = 16) -> Points:
    out = []
    for i in range(n + 1):
        t = i / n
        u = 1 - t
        out.append(u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d)
    return out


def spline(points: Points, closed: bool = False, n: int = 8) -> Points:
    """A smooth curve (Catmull-Rom) through the points."""
    before, after = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    p = [*before, *points, *after]
    out = []
    for i in range(1, len(p) - 2):
        a, b, c, d = p[i - 1 : i + 3]
        for k in range(n):
            t = k / n
            out.append(
                b
                + 0.5
                * t
                * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * (b - c) + d - a)))
            )
    if not closed:
        out.append(points[-1])
    return out


def ribbon(path: Points, width, tip: float = 0) -> Points:
    """The outline of a stroke along `path`; `width(t)` or a number is the full width at 0..1."""
    w = width if callable(width) else lambda t: width
    left, right = [], []
    last = len(path) - 1
    for i, p in enumerate(path):
        d = path[min(i + 1, last)] - path[max(i - 1, 0)]
        if d == 0:
            continue
        side = d / abs(d) * 1j * max(w(i / last), tip) / 2
        left.append(p + side)
        right.append(p - side)
    return left + right[::-1]


def leaf(length: float, width: float, bend: float = 0, n: int = 14) -> Points:
    """A pointed leaf from 0 to `length` along x; `bend` bows it sideways."""
    path = bezier(0, length * (0.33 + bend * 0.4j), length * (0.66 + bend * 0.4j), length, n)
    return ribbon(path, lambda t: width * math.sin(math.pi * t**0.8) ** 0.9)


def drop(length: float, width: float, n: int = 24) -> Points:
    """A petal: pointed at 0, round at `length` along x."""
    return [
        complex(
            length * (1 - math.cos(t)) / 2,
            width / 2 * math.sin(t) * ((1 - math.cos(t)) / 2) ** 0.55 * 1.25,
        )
        for t in (i * TAU / n for i in range(n))
    ]


def along(path: Points, step: float):
    """Yield (point, direction) every `step` along a polyline; directions have length 1."""
    rest = 0.0
    for a, b in pairwise(path):
        length = abs(b - a)
        if length == 0:
            continue
        d = (b - a) / length
        while rest < length:
            yield a + d * rest, d
            rest += step
        rest -= length
