"""Course centres seen from the street: a village hall with a tiled roof, a ramp and a garden."""

import math
import random

from PIL import Image, ImageChops

from . import colour, studio, texture
from .canvas import Canvas
from .colour import dark, light, mix, vary
from .house import GROUND, House
from .shapes import bezier, circle, polar, rect, ribbon, spline
from .words import cap

C = colour
SEASONS = {
    "spring": (
        ((238, 190, 204), (246, 222, 226)),
        (126, 166, 84),
        ("çiçek açmış ağaçlar", "trees in blossom"),
    ),
    "summer": (((72, 118, 62), (112, 156, 78)), (122, 164, 78), ("yeşil ağaçlar", "green trees")),
    "autumn": (
        ((196, 120, 52), (222, 168, 72)),
        (150, 158, 86),
        ("sonbahar renginde ağaçlar", "trees in autumn colours"),
    ),
}


class Centre:
    """The front of a course centre; `seed` gives wall, shutters, storeys, season and the hills."""

    slug = "centre"

    def __init__(self, seed: int):
        self.seed = seed
        rng = random.Random(f"centre:{seed}")
        self.house = House(seed, rng)
        self.season = rng.choice(sorted(SEASONS))
        self.gulf = rng.random() < 0.5
        self.flip = rng.random() < 0.5

    def draw(self, size: int = 1600) -> Image.Image:
        rng = random.Random(f"centre:{self.seed}:draw")
        c = Canvas(size, (190, 214, 232))
        self._land(c, rng)
        for x, s in ((118, 1.15), (1080, 1.3), (1175, 0.95)):
            self._tree(c, rng, complex(x, GROUND - 8), s)
        self.house.paint(c, rng)
        self._street(c, rng)
        self._garden(c, rng)
        picture = c.image
        picture = texture.shade(picture, texture.cloudy(rng, c.size, 7 * c.k, 2), 0.05)
        if self.flip:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return studio.finish(rng, picture)

    def _land(self, c, rng):
        w, h = c.size
        sky = texture.gradient(c.size, (40, 60, 190, 215))
        c.image = Image.composite(
            Image.new("RGB", c.size, (232, 238, 236)),
            Image.new("RGB", c.size, (142, 186, 220)),
            sky,
        )
        clouds = texture.cloudy(rng, (w // 4, h), 50 * c.k, 3).resize(c.size)
        clouds = ImageChops.multiply(
            clouds.point([max(0, min(200, (v - 132) * 4)) for v in range(256)]),
            texture.gradient(c.size, (255, 255, 40, 40)),
        )
        c.image.paste((252, 251, 247), (0, 0, *c.size), clouds)
        shapes = []
        if self.gulf:
            shapes.append((rect(0, 452, 1200, 640), (120, 164, 188)))
        for k, (y, tone) in enumerate(
            (((418, (150, 172, 186))), ((462, (128, 158, 140))), ((520, (116, 150, 100))))
        ):
            if self.gulf and k == 1:
                continue
            top = spline([complex(-60 + i * 170, y + rng.uniform(-34, 34)) for i in range(9)])
            shapes.append(([*top, complex(1400, 760), complex(-60, 760)], tone))
            if self.gulf and k == 0:
                shapes.append((rect(0, 470, 1200, 640), (126, 170, 192)))
                shapes += [
                    (rect(x, y2, x + rng.uniform(40, 120), y2 + 1.6), (168, 200, 212))
                    for x, y2 in ((rng.uniform(0, 1200), rng.uniform(476, 530)) for _ in range(26))
                ]
        c.paint(*shapes)
        grass = SEASONS[self.season][1]
        c.paint((rect(-10, 560, 1210, 810), grass))

    def _tree(self, c, rng, foot, s):
        bark = (104, 78, 58)
        c.lay(
            (40, 46, 30),
            [
                foot + complex(-70, -6) * s,
                foot + complex(90, -6) * s,
                foot + complex(96, 10) * s,
                foot + complex(-60, 10) * s,
            ],
            9,
            0.4,
        )
        trunk = ribbon(
            bezier(foot, foot - 60j * s, foot + complex(6, -110) * s, foot + complex(0, -190) * s),
            lambda t: 22 * s * (1.2 - 0.8 * t),
        )
        boughs = [
            ribbon(
                bezier(
                    foot - 90j * s,
                    foot + complex(10 * d, -120) * s,
                    foot + complex(36 * d, -150) * s,
                    foot + complex(52 * d, -200) * s,
                ),
                lambda t: 10 * s * (1.1 - t),
            )
            for d in (-1, 1)
        ]
        c.paint((trunk, bark), *[(b, bark) for b in boughs])
        deep, pale = SEASONS[self.season][0]
        leaves = []
        for _ in range(230):  # clumps, lighter towards the upper left
            a, r = rng.random(), math.sqrt(rng.random())
            at = (
                foot + complex(0, -235) * s + complex(polar(96, a).real, polar(104, a).imag) * r * s
            )
            lit = 0.5 - (
                (at - foot - complex(0, -235) * s).real * 0.6
                + (at - foot - complex(0, -235) * s).imag
            ) / (210 * s)
            tone = vary(
                rng, mix(dark(deep, 0.28), pale, max(0, min(1, lit + rng.uniform(-0.25, 0.25)))), 10
            )
            leaves.append(
                (
                    at.imag,
                    [
                        at + polar(rng.uniform(11, 19) * s, q / 9) * complex(1, 0.0)
                        for q in range(9)
                    ],
                    tone,
                )
            )
        leaves.sort(key=lambda leaf: -leaf[0])
        c.paint(*[(o, t) for _, o, t in leaves])

    # In front -------------------------------------------------------------------------------------
    def _street(self, c, rng):
        path = [
            complex(500, GROUND + 2),
            complex(700, GROUND + 2),
            complex(860, 812),
            complex(330, 812),
        ]
        pave = (206, 196, 180)
        shapes = [(rect(-10, GROUND + 2, 1210, GROUND + 22), (188, 180, 166)), (path, pave)]
        for r in range(9):
            t0, t1 = (r / 9) ** 1.5, ((r + 0.93) / 9) ** 1.5
            n = 9
            for i in range(n):
                f, g = (i + 0.03) / n, (i + 0.96) / n

                def at(f, t):
                    left, right = (
                        path[0] + (path[3] - path[0]) * t,
                        path[1] + (path[2] - path[1]) * t,
                    )
                    return left + (right - left) * f

                shapes.append(([at(f, t0), at(g, t0), at(g, t1), at(f, t1)], vary(rng, pave, 10)))
        c.paint(*shapes)
        blades = []
        grass = SEASONS[self.season][1]
        for _ in range(520):
            x, y = rng.uniform(-10, 1210), rng.uniform(GROUND + 26, 806)
            t = (y - GROUND) / (810 - GROUND)
            if 500 - 170 * t - 12 < x < 700 + 160 * t + 12:
                continue
            h = 5 + 13 * t
            blades.append(
                (
                    y,
                    [
                        complex(x - h * 0.3, y),
                        complex(x + rng.gauss(0, 2), y - h),
                        complex(x + h * 0.3, y),
                    ],
                    vary(rng, mix(grass, (76, 112, 52), rng.random() * 0.6), 10),
                )
            )
        blades.sort(key=lambda b: b[0])
        c.paint(*[(o, t) for _, o, t in blades])

    def _garden(self, c, rng):
        """Flower beds along the front, a bench and a notice board."""
        shapes = []
        bench, wood = complex(300, 700), (150, 104, 64)
        c.lay(
            (40, 46, 30),
            [
                bench + complex(-78, 20),
                bench + complex(90, 20),
                bench + complex(96, 36),
                bench + complex(-70, 36),
            ],
            7,
            0.45,
        )
        for dx in (-62, 62):
            shapes.append(
                (
                    rect(
                        bench.real + dx - 4, bench.imag - 42, bench.real + dx + 4, bench.imag + 30
                    ),
                    (78, 80, 84),
                )
            )
        for k, y in enumerate((-44, -28, -2, 6)):
            shapes.append(
                (
                    rect(
                        bench.real - 80,
                        bench.imag + y,
                        bench.real + 80,
                        bench.imag + y + (11 if k < 2 else 7),
                    ),
                    vary(rng, wood, 8),
                )
            )
        x, y = 905, 700
        c.paint(*shapes)
        c.lay(
            (40, 46, 30),
            [
                complex(x - 66, y + 20),
                complex(x + 86, y + 20),
                complex(x + 90, y + 34),
                complex(x - 60, y + 34),
            ],
            7,
            0.45,
        )
        board = [
            (rect(x - 52, y - 96, x - 46, y + 28), dark(wood, 0.25)),
            (rect(x + 46, y - 96, x + 52, y + 28), dark(wood, 0.25)),
            (rect(x - 60, y - 104, x + 60, y - 22), wood),
            (rect(x - 54, y - 98, x + 54, y - 28), (236, 228, 212)),
        ]
        for i, tone in enumerate((C.TURQUOISE, C.TOMATO, C.SAFFRON)):
            a = x - 48 + i * 33
            board.append(
                (rect(a, y - 92 + 3 * (i % 2), a + 28, y - 40 + 3 * (i % 2)), light(tone.rgb, 0.25))
            )
            board.append(
                (
                    rect(a + 4, y - 86 + 3 * (i % 2), a + 24, y - 64 + 3 * (i % 2)),
                    light(tone.rgb, 0.75),
                )
            )
            board.append(
                (rect(a + 4, y - 58 + 3 * (i % 2), a + 22, y - 56 + 3 * (i % 2)), (90, 80, 72))
            )
            board.append(
                (rect(a + 4, y - 52 + 3 * (i % 2), a + 18, y - 50 + 3 * (i % 2)), (90, 80, 72))
            )
        c.paint(*board)
        beds = []
        for x_a, x_b in (
            (600 - self.house.half + 8, 470),
            (950 if self.house.bays == 7 else 935, 600 + self.house.half - 4),
        ):
            n = max(0, int((x_b - x_a) * 0.9))
            for _ in range(n):
                p = complex(rng.uniform(x_a, x_b), GROUND + 4 - abs(rng.gauss(0, 13)))
                tone = rng.choice(
                    (
                        (78, 122, 60),
                        (98, 142, 70),
                        (62, 104, 56),
                        C.TOMATO.rgb,
                        C.SAFFRON.rgb,
                        C.ROSE.rgb,
                        C.WHITE.rgb,
                        C.LILAC.rgb,
                    )
                )
                beds.append((p.imag, circle(p, rng.uniform(3.5, 6.5), 9), vary(rng, tone, 10)))
        beds.sort(key=lambda b: b[0])
        if beds:
            c.paint(*[(o, t) for _, o, t in beds])

    # Words --------------------------------------------------------------------------------------
    def title(self):
        return {"tr": "Kurs merkezi", "en": "Course centre"}

    def alt(self, view: str = "whole"):
        n = ("tek", "iki")[self.house.storeys - 1]
        m = ("one", "two")[self.house.storeys - 1]
        tr, en = SEASONS[self.season][2]
        back = (
            ("arkada körfez", "the gulf behind")
            if self.gulf
            else ("arkada tepeler", "hills behind")
        )
        shutters = "" if self.house.arched else f", {self.house.trim.tr} panjurlu"
        shut_en = f"{self.house.trim.en} door" + ("" if self.house.arched else " and shutters")
        return {
            "tr": f"{cap(n)} katlı, {self.house.wall.tr} duvarlı{shutters}, kiremit çatılı kurs "
            f"merkezi çizimi; kapısında basamak ve rampa, çevresinde {tr}, {back[0]}",
            "en": f"Drawing of a {m}-storey course centre: {self.house.wall.en} walls, {shut_en}, "
            f"tiled roof; steps and a ramp, {en}, {back[1]}",
        }
