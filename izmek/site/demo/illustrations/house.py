"""The front of a course centre: plaster, stone base, windows, a door with steps and a ramp, tiles."""

import math

from . import colour, texture
from .colour import Colour, dark, light, mix, vary
from .kilim import BORDERS
from .shapes import circle, rect, ribbon

C = colour
GROUND = 628  # where the wall meets the street, in a frame of 1200 by 800
WALLS = (
    Colour((243, 234, 214), "krem", "cream"),
    Colour((240, 214, 176), "açık sarı", "pale yellow"),
    Colour((226, 196, 174), "gül kurusu", "dusty pink"),
    Colour((214, 222, 214), "açık yeşil", "pale green"),
    Colour((246, 243, 236), "beyaz", "white"),
    Colour((208, 220, 228), "açık mavi", "pale blue"),
)
TRIMS = (C.FOREST, C.TEAL, C.MADDER, C.BLUE, C.WALNUT, C.OLIVE)


class House:
    """A village hall of one or two storeys, its middle at 600; `seed` gives wall and shutters."""

    def __init__(self, seed: int, rng):
        self.wall = WALLS[seed % len(WALLS)]
        self.trim = TRIMS[(seed + seed // len(TRIMS)) % len(TRIMS)]
        self.storeys = rng.choice((1, 2, 2))
        self.bays = rng.choice((5, 7)) if self.storeys == 2 else 7
        self.hip = rng.random() < 0.6
        self.arched = rng.random() < 0.4
        self.border = rng.choice(sorted(BORDERS))
        self.half = 58 * self.bays  # half the width of the front

    def paint(self, c, rng):
        high = 386 if self.storeys == 2 else 264
        x0, x1, y0 = 600 - self.half, 600 + self.half, GROUND - high
        wall = self.wall.rgb
        c.lay((46, 50, 36), rect(x0 + 10, GROUND - 10, x1 + 60, GROUND + 22), 12, 0.5)
        c.paint((rect(x0, y0, x1, GROUND), wall))
        box = c.box([rect(x0, y0, x1, GROUND)])
        part = c.image.crop(box)
        rough = texture.cloudy(rng, part.size, 26 * c.k, 3)
        part = texture.shade(part, texture.relief(rough, 0.14, 2))
        part = texture.shade(part, texture.gradient(part.size, (146, 128, 134, 112)), 0.5)
        c.image.paste(part, box[:2])
        stone = (176, 166, 150)
        blocks = [(rect(x0 - 4, GROUND - 42, x1 + 4, GROUND), dark(stone, 0.16))]
        for row in range(2):
            x = x0 - 4 - (row * 22)
            while x < x1 + 4:
                w = rng.uniform(34, 58)
                blocks.append(
                    (
                        rect(
                            max(x0 - 4, x + 1),
                            GROUND - 41 + row * 21,
                            min(x1 + 4, x + w - 1),
                            GROUND - 22 + row * 21,
                        ),
                        vary(rng, stone, 9),
                    )
                )
                x += w
        if self.storeys == 2:
            y = GROUND - 204
            blocks.append((rect(x0, y, x1, y + 7), light(wall, 0.45)))
            blocks.append((rect(x0, y + 7, x1, y + 9), dark(wall, 0.22)))
        for x in (x0, x1 - 16):
            blocks.append((rect(x, y0, x + 16, GROUND - 42), light(wall, 0.35)))
        c.paint(*blocks)
        self._openings(c, rng, x0, x1, y0)
        self._roof(c, rng, x0, x1, y0)

    def _window(self, shapes, glass, at, w, h, rng):
        frame, trim = (250, 248, 242), self.trim.rgb
        x, y = at.real, at.imag
        top = (
            []
            if not self.arched
            else [
                complex(x + w / 2 * math.cos(a), y - h - w * 0.28 * math.sin(a))
                for a in (i * math.pi / 10 for i in range(11))
            ]
        )
        outline = [
            complex(x - w / 2, y),
            complex(x - w / 2, y - h),
            *top[::-1],
            complex(x + w / 2, y - h),
            complex(x + w / 2, y),
        ]
        wide = [complex(x + (p.real - x) * 1.2, y + (p.imag - y) * 1.1 + 2) for p in outline]
        shapes.append((wide, light(self.wall.rgb, 0.55)))
        shapes.append((outline, dark(frame, 0.1)))
        shapes.append((rect(x - w * 0.68, y, x + w * 0.68, y + 8), frame))
        shapes.append((rect(x - w * 0.68, y + 8, x + w * 0.68, y + 11), dark(self.wall.rgb, 0.3)))
        for i in range(2):
            for j in range(2):
                a = x - w / 2 + 4 + i * (w / 2 - 2)
                b = y - h + 4 + j * h * 0.46
                low = b + (h * 0.42 if j == 0 else h * 0.46)
                tone = mix((108, 138, 152), (198, 216, 222), rng.random() * 0.5)
                pane = rect(a, b, a + w / 2 - 6, low)
                shapes.append((pane, tone))
                shapes.append(
                    (
                        [complex(a, low), complex(a, b + 6), complex(a + w * 0.3, b)],
                        light(tone, 0.28),
                    )
                )
                glass.append(pane)
        if not self.arched:
            for s in (-1, 1):
                a, b = sorted((x + s * (w / 2 + 3), x + s * (w / 2 + 3 + w * 0.42)))
                shapes.append((rect(a, y - h - 2, b, y + 2), dark(trim, 0.1)))
                n = 11
                for k in range(n):
                    v = y - h + 4 + (h - 6) * k / n
                    shapes.append(
                        (rect(a + 3, v, b - 3, v + (h - 6) / n * 0.62), light(trim, 0.14))
                    )
        box = rect(x - w * 0.52, y - 9, x + w * 0.52, y + 4)
        shapes.append((box, (148, 84, 54)))
        for _ in range(16):
            p = complex(x + rng.uniform(-0.5, 0.5) * w, y - 10 - rng.uniform(0, 11))
            shapes.append(
                (
                    circle(p, rng.uniform(3, 5), 8),
                    rng.choice(
                        ((86, 130, 66), (110, 152, 76), C.TOMATO.rgb, C.ROSE.rgb, C.WHITE.rgb)
                    ),
                )
            )

    def _openings(self, c, rng, x0, x1, y0):
        shapes, glass = [], []
        gap = (x1 - x0) / self.bays
        for storey in range(self.storeys):
            foot = GROUND - 62 - 192 * storey
            for i in range(self.bays):
                x = x0 + gap * (i + 0.5)
                if storey == 0 and i == self.bays // 2:
                    continue
                self._window(
                    shapes, glass, complex(x, foot), 48, 86 if self.storeys == 2 else 112, rng
                )
        reveal = [
            rect(
                min(p.real for p in g),
                min(p.imag for p in g),
                max(p.real for p in g),
                min(p.imag for p in g) + 5,
            )
            for g in glass
        ]
        c.paint(*shapes)
        for r in reveal[::2]:
            c.lay((30, 34, 40), r, 2, 0.4)
        self._door(c, rng)

    def _door(self, c, rng):
        x, trim = 600, self.trim.rgb
        w, h = 92, 132
        y = GROUND - 24
        wood = dark(trim, 0.05)
        shapes = [
            (rect(x - w / 2 - 12, y - h - 12, x + w / 2 + 12, y), light(self.wall.rgb, 0.5)),
            (rect(x - w / 2, y - h, x + w / 2, y), dark(wood, 0.3)),
        ]
        for s in (0, 1):
            a = x - w / 2 + 3 + s * (w / 2 - 1)
            b = a + w / 2 - 5
            shapes.append((rect(a, y - h + 3, b, y), wood))
            shapes.append((rect(a + 7, y - h + 10, b - 7, y - h * 0.52), (150, 178, 186)))
            shapes.append(
                (
                    [
                        complex(a + 7, y - h * 0.52),
                        complex(a + 7, y - h * 0.8),
                        complex(a + 24, y - h + 10),
                    ],
                    (190, 208, 212),
                )
            )
            shapes.append((rect(a + 7, y - h * 0.46, b - 7, y - 12), dark(wood, 0.16)))
            shapes.append((rect(a + 10, y - h * 0.43, b - 10, y - 16), light(wood, 0.1)))
            shapes.append(
                (circle(complex(b - 4 if s == 0 else a + 4, y - h * 0.44), 2.6, 10), C.GOLD.rgb)
            )
        roof = dark((176, 92, 60), 0.1)
        canopy = [
            complex(x - 86, y - h - 18),
            complex(x + 86, y - h - 18),
            complex(x + 66, y - h - 46),
            complex(x - 66, y - h - 46),
        ]
        shapes += [(canopy, roof)]
        for k in range(1, 12):
            t = k / 12
            shapes.append(
                (
                    [
                        canopy[0] + (canopy[1] - canopy[0]) * t,
                        canopy[0] + (canopy[1] - canopy[0]) * (t + 0.018),
                        canopy[3] + (canopy[2] - canopy[3]) * (t + 0.016),
                        canopy[3] + (canopy[2] - canopy[3]) * t,
                    ],
                    light(roof, 0.22),
                )
            )
        shapes.append((rect(x - 88, y - h - 20, x + 88, y - h - 12), (232, 224, 208)))
        c.paint(*shapes)
        c.lay((40, 30, 24), rect(x - 82, y - h - 12, x + 82, y - h + 10), 6, 0.5)
        self._sign(c, complex(x, y - h - 67), 210)
        steps = []
        for k in range(3):
            steps.append(
                (rect(x - 80 - 14 * k, y + 8 * k, x + 80 + 14 * k, y + 8 * k + 4), (226, 220, 208))
            )
            steps.append(
                (
                    rect(x - 80 - 14 * k, y + 8 * k + 4, x + 80 + 14 * k, y + 8 * k + 8),
                    (186, 178, 164),
                )
            )
        far = x + 330
        ramp = [
            complex(x + 80, y),
            complex(far, GROUND + 4),
            complex(far, GROUND + 14),
            complex(x + 80, GROUND + 6),
        ]
        steps.append((ramp, (206, 200, 188)))
        steps.append(([ramp[0], ramp[1], ramp[1] + 3j, ramp[0] + 4j], (236, 232, 222)))
        rail = (96, 100, 104)
        for k in range(7):
            p = ramp[0] + (ramp[1] - ramp[0]) * k / 6
            steps.append((rect(p.real - 1.6, p.imag - 34, p.real + 1.6, p.imag + 3), rail))
        for lift in (34, 20):
            steps.append(
                (
                    [
                        ramp[0] - lift * 1j,
                        ramp[1] - lift * 1j,
                        ramp[1] - (lift - 3.4) * 1j,
                        ramp[0] - (lift - 3.4) * 1j,
                    ],
                    rail,
                )
            )
        c.paint(*steps)

    def _sign(self, c, at, wide):
        """A board over the door: a kilim band instead of a name."""
        tall = 34
        board = rect(at.real - wide / 2, at.imag - tall / 2, at.real + wide / 2, at.imag + tall / 2)
        c.lay((40, 30, 24), [p + 3 + 5j for p in board], 4, 0.5)
        shapes = [
            (board, C.IVORY.rgb),
            (
                rect(
                    at.real - wide / 2 + 4,
                    at.imag - tall / 2 + 4,
                    at.real + wide / 2 - 4,
                    at.imag + tall / 2 - 4,
                ),
                C.MADDER.rgb,
            ),
        ]
        unit = BORDERS[self.border]
        cell = (tall - 12) / len(unit)
        n = int((wide - 16) / cell / 8) * 8
        for i in range(n):
            for j, row in enumerate(unit):
                if row[i % 8] == "X":
                    x, y = at.real + (i - n / 2) * cell, at.imag - tall / 2 + 6 + j * cell
                    shapes.append(
                        (rect(x, y, x + cell, y + cell), (C.IVORY, C.SAFFRON)[i // 8 % 2].rgb)
                    )
        c.paint(*shapes)

    def _roof(self, c, rng, x0, x1, y0):
        eave, rise = 34, 92 if self.storeys == 2 else 112
        a, b = complex(x0 - eave, y0 + 8), complex(x1 + eave, y0 + 8)
        inset = 150 if self.hip else 6
        d, e = complex(x1 + eave - inset, y0 - rise), complex(x0 - eave + inset, y0 - rise)
        tile = (186, 94, 62)
        c.lay((52, 40, 34), rect(x0, y0 + 10, x1, y0 + 30), 7, 0.55)
        shapes = [([a, b, d, e], dark(tile, 0.25))]
        rows = 11
        for r in range(rows):  # rows of round tiles, from the ridge downwards
            t0, t1 = r / rows, (r + 1.25) / rows
            left0, right0 = e + (a - e) * t0, d + (b - d) * t0
            left1, right1 = e + (a - e) * min(1, t1), d + (b - d) * min(1, t1)
            n = round(abs(b - a) / 15)
            for i in range(n):
                f, g = i / n, (i + 0.8) / n
                p, q = left0 + (right0 - left0) * f, left0 + (right0 - left0) * g
                u, v = left1 + (right1 - left1) * f, left1 + (right1 - left1) * g
                if self.hip:  # the pattern runs straight down, cut by the sloping ends
                    x = a.real + (b.real - a.real) * f
                    w = (b.real - a.real) / n * 0.8
                    if not (left0.real <= x and x + w <= right0.real):
                        continue
                    p, q = complex(x, p.imag), complex(x + w, q.imag)
                    u, v = complex(x, u.imag), complex(x + w, v.imag)
                tone = vary(rng, mix(tile, (206, 128, 84), rng.random() * 0.7), 9)
                shapes.append(([p, q, v, (u + v) / 2 + 3j, u], tone))
                shapes.append(([p, p + (q - p) * 0.3, u + (v - u) * 0.3, u], light(tone, 0.18)))
        shapes.append((rect(e.real - 4, e.imag - 7, d.real + 4, e.imag + 3), light(tile, 0.12)))
        for p, q in ((e, a), (d, b)):
            shapes.append((ribbon([p, q], 11), light(tile, 0.08)))
        shapes.append((rect(a.real, a.imag - 1, b.real, a.imag + 7), (240, 234, 222)))
        chimney = complex(x0 + (x1 - x0) * 0.22, y0 - rise * 0.72)
        stack = [
            (
                rect(chimney.real - 16, chimney.imag - 64, chimney.real + 16, chimney.imag + 18),
                (206, 190, 172),
            ),
            (
                rect(chimney.real + 6, chimney.imag - 64, chimney.real + 16, chimney.imag + 18),
                (176, 160, 144),
            ),
            (
                rect(chimney.real - 21, chimney.imag - 72, chimney.real + 21, chimney.imag - 62),
                tile,
            ),
        ]
        c.paint(*shapes, *stack)
