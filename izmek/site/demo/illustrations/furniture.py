"""What stands in an exhibition room: tables, a plinth, flowers, the ribbon of an opening."""

import math

from . import colour
from .colour import dark, light, vary
from .interior import EYE, on_floor
from .shapes import bezier, polar, ribbon

C = colour


def table(c, rng, cloth, x0, x1, near, far, high):
    """A table with a cloth to the floor; corners in floor measures. Returns its top outline."""
    lift = [high * (1 / (1 - 0.42 * t)) * 1j for t in (far, near)]
    a, b = on_floor(x0, far), on_floor(x1, far)
    d, e = on_floor(x1, near), on_floor(x0, near)
    top = [a - lift[0], b - lift[0], d - lift[1], e - lift[1]]
    pale = light(cloth, 0.1)
    c.lay((30, 20, 14), [a - 6, b + 6, d + 14 + 8j, e - 14 + 8j], 9, 0.55)
    front = [e - lift[1], d - lift[1], d, e]
    shapes = [(front, dark(cloth, 0.14))]
    n = max(5, round(abs(d - e) / 26))
    for i in range(n):  # soft folds
        t = (i + rng.uniform(0.1, 0.5)) / n
        p = e - lift[1] + (d - e) * t
        w = rng.uniform(5, 11)
        shapes.append(
            (
                [p, p + w * 0.4, p + lift[1] + w, p + lift[1] - w * 0.6],
                dark(cloth, rng.uniform(0.06, 0.2)),
            )
        )
    if x0 > EYE.real - 60:
        shapes.append(([a - lift[0], e - lift[1], e, a], dark(cloth, 0.26)))
    if x1 < EYE.real + 60:
        shapes.append(([b - lift[0], d - lift[1], d, b], dark(cloth, 0.3)))
    shapes.append((top, pale))
    c.paint(*shapes)
    return top


def plinth(c, rng):
    """A white plinth at the right with a vase of flowers."""
    base = on_floor(800, 0.95)
    w, h = 58, 150
    c.lay(
        (30, 20, 14),
        [
            base + complex(-w, -8),
            base + complex(w + 34, -8),
            base + complex(w + 40, 12),
            base + complex(-w, 12),
        ],
        9,
        0.5,
    )
    white = (240, 236, 228)
    c.paint(
        ([base - w - h * 1j, base + w - h * 1j, base + w, base - w], white),
        (
            [
                base - w - h * 1j,
                base - w * 0.86 - (h + 12) * 1j,
                base + w * 0.86 - (h + 12) * 1j,
                base + w - h * 1j,
            ],
            light(white, 0.6),
        ),
        (
            [base + w * 0.72 - h * 1j, base + w - h * 1j, base + w, base + w * 0.72],
            dark(white, 0.08),
        ),
    )
    vase(c, rng, base - (h + 4) * 1j, 1.0)


def vase(c, rng, foot, k):
    body = [(0.0, 0), (17, -2), (25, -22), (24, -44), (12, -62), (13, -70), (0, -70)]
    right = [complex(x, y) * k for x, y in body]
    pot = [foot + p for p in right] + [foot + complex(-p.real, p.imag) for p in right[::-1]]
    blue = C.COBALT.rgb
    shapes = []
    for i in range(13):
        a = -0.25 + (i / 12 - 0.5) * 0.36
        tip = foot - 62j * k + polar(rng.uniform(60, 105) * k, a)
        stem = bezier(foot - 60j * k, foot - 85j * k, (tip + foot - 60j * k) / 2 - 10j * k, tip)
        shapes.append((ribbon(stem, 2.2 * k), vary(rng, C.LEAF.rgb, 16)))
        shapes.append(
            (
                [tip * 0.6 + stem[8] * 0.4 + p for p in (-9 * k, -7j * k, 9 * k, 5j * k)],
                vary(rng, C.FOREST.rgb, 18),
            )
        )
        shapes.append((tip, i))
    flowers = []
    for s in shapes:
        if isinstance(s[0], complex):
            tip, i = s
            tone = (C.TOMATO, C.SAFFRON, C.WHITE, C.ROSE)[i % 4].rgb
            r = rng.uniform(9, 14) * k
            for ring, share in ((1, 0.0), (0.68, 0.22), (0.36, 0.42)):
                for j in range(7):
                    at = tip + polar(r * 0.55 * ring, j / 7)
                    flowers.append(
                        (
                            [at + polar(r * 0.5 * ring, q / 10) for q in range(10)],
                            light(vary(rng, tone, 10), share),
                        )
                    )
    stems = [s for s in shapes if not isinstance(s[0], complex)]
    c.paint(
        *stems,
        *flowers,
        (pot, (238, 240, 240)),
        *[
            (
                [
                    foot + complex(x, y) * k
                    for x, y in ((-23, -40 + d), (23, -40 + d), (24, -36 + d), (-24, -36 + d))
                ],
                blue,
            )
            for d in (0, 14)
        ],
        *[
            (
                [foot + complex(-18 + 9 * i, -28) * k + polar(4 * k, q / 8) for q in range(8)],
                C.TURQUOISE.rgb,
            )
            for i in range(5)
        ],
    )
    sheen = [foot + complex(x, y) * k for x, y in ((-15, -50), (-10, -52), (-12, -14), (-18, -20))]
    c.lay((255, 255, 255), sheen, 2.5, 0.7)


def barrier(c, rng):
    """A red ribbon between two posts across the room, flowers at both sides."""
    red = C.RED.rgb
    posts = [on_floor(420, 1.1), on_floor(790, 1.1)]
    for p in posts:
        c.lay(
            (26, 18, 12),
            [
                p + complex(-24, -5),
                p + complex(40, -5),
                p + complex(40, 9),
                p + complex(-24, 9),
            ],
            6,
            0.5,
        )
        gold = (188, 150, 76)
        c.paint(
            (
                [
                    p + complex(22 * math.cos(a / 24 * math.tau), 7 * math.sin(a / 24 * math.tau))
                    for a in range(24)
                ],
                dark(gold, 0.3),
            ),
            ([p + complex(-4, -150), p + complex(4, -150), p + 5, p - 5], gold),
            ([p + complex(-2.5, -150), p + complex(0, -150), p + 0, p - 3], light(gold, 0.5)),
            ([p - 156j + polar(9, a / 20) for a in range(20)], gold),
            ([p - 2 - 158j + polar(4, a / 12) for a in range(12)], light(gold, 0.6)),
        )
    a, b = (p - 132j for p in posts)
    band = bezier(a, a + (b - a) * 0.3 + 34j, a + (b - a) * 0.7 + 34j, b, 40)
    shadow = [p + 5 + 8j for p in band]
    c.lay((30, 16, 12), ribbon(shadow, 13), 3, 0.35)
    mid = band[20]
    bow = []
    for s in (-1, 1):
        loop = bezier(
            mid,
            mid + complex(46 * s, -46),
            mid + complex(78 * s, -6),
            mid + complex(50 * s, 22),
            16,
        )
        bow.append(([*loop, mid + complex(20 * s, 8)], dark(red, 0.12)))
        inner = bezier(
            mid,
            mid + complex(38 * s, -34),
            mid + complex(60 * s, -6),
            mid + complex(42 * s, 12),
            16,
        )
        bow.append(([*inner, mid + complex(16 * s, 4)], light(red, 0.16)))
        tail = bezier(
            mid,
            mid + complex(10 * s, 30),
            mid + complex(26 * s, 52),
            mid + complex(20 * s, 86),
            14,
        )
        bow.append((ribbon(tail, 15), dark(red, 0.06)))
    c.paint(
        (ribbon(band, 14), red),
        (ribbon([p - 3.5j for p in band], 3.5), light(red, 0.35)),
        *bow,
        ([mid + polar(11, q / 16) for q in range(16)], dark(red, 0.2)),
        ([mid - 2 - 2j + polar(6, q / 16) for q in range(16)], light(red, 0.15)),
    )
