"""Exhibition rooms: works on the walls and on tables in a village hall, before or at the opening."""

import itertools
import math
import random

from PIL import Image, ImageChops, ImageFilter

from . import colour, studio, texture
from .ahsap import Ahsap
from .canvas import Canvas
from .cini import Cini
from .colour import dark, light, mix, vary
from .ebru import Ebru
from .filografi import Filografi
from .kanavice import Kanavice
from .kece import Kece
from .kilim import Kilim
from .kirkyama import Kirkyama
from .shapes import bezier, polar, ribbon
from .vitray import Vitray

C = colour
# All measures are in a frame of 1200 by 800
EYE = 600 + 330j  # where the lines of the room run together
BACK = (250, 120, 950, 500)  # the far wall
WALLS = ((238, 229, 212), (226, 222, 206), (233, 220, 205), (219, 224, 220))
FLOORS = ((150, 104, 66), (168, 124, 84), (124, 88, 60))
CLOTHS = (C.WHITE, C.IVORY, C.WHITE, C.MADDER, C.TEAL)


def on_left(t, y):
    """A point of the left wall: t 0 at the far corner, 1 at the frame; y 0 top, 1 floor."""
    x0, y0, _, y1 = BACK
    far_top, far_low = complex(x0, y0), complex(x0, y1)
    near_top = EYE + (far_top - EYE) * (1 / (1 - 0.42 * t))
    near_low = EYE + (far_low - EYE) * (1 / (1 - 0.42 * t))
    return near_top + (near_low - near_top) * y


def on_right(t, y):
    p = on_left(t, y)
    return complex(2 * EYE.real - p.real, p.imag)


def on_floor(x, t):
    """A point of the floor: x in the far wall's measures, t 0 at the far wall, growing to us."""
    far = complex(x, BACK[3])
    return EYE + (far - EYE) * (1 / (1 - 0.42 * t))


class Hall:
    """The room of a village hall with works on the walls and tables."""

    slug = "hall"
    opening = False

    def __init__(self, seed: int):
        self.seed = seed
        rng = self.rng = random.Random(f"{self.slug}:{seed}")
        self.wall = rng.choice(WALLS)
        self.floor = rng.choice(FLOORS)
        self.cloth = rng.choice(CLOTHS)
        self.hung = rng.sample((Kirkyama, Filografi, Ebru, Kanavice, Vitray), 2)
        self.stood = rng.sample((Cini, Ahsap, Kece, Kanavice), 3)
        self.side = rng.choice((Kilim, Kirkyama))
        self.flip = rng.random() < 0.5  # the windows are on the right

    # The room -----------------------------------------------------------------------------------
    def draw(self, size: int = 1600) -> Image.Image:
        rng = random.Random(f"{self.slug}:{self.seed}:draw")
        c = Canvas(size, self.wall, zoom=1.13, about=600 + 340j, to=600 + 362j)
        self._shell(c, rng)
        self._windows(c, rng)
        self._hang(c, rng)
        self._polish(c)
        self._tables(c, rng)
        if self.opening:
            self._ribbon(c, rng)
        else:
            self._plinth(c, rng)
        picture = c.image
        if self.flip:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return studio.finish(rng, picture)

    def _shell(self, c, rng):
        x0, y0, x1, y1 = BACK
        wall = self.wall
        far = [complex(x0, y0), complex(x1, y0), complex(x1, y1), complex(x0, y1)]
        left = [on_left(0, 0), on_left(0, 1), on_left(1.6, 1), on_left(1.6, 0)]
        right = [on_right(0, 0), on_right(0, 1), on_right(1.6, 1), on_right(1.6, 0)]
        ceiling = [on_left(0, 0), on_right(0, 0), on_right(1.6, 0), on_left(1.6, 0)]
        floor = [on_left(0, 1), on_right(0, 1), on_right(1.6, 1), on_left(1.6, 1)]
        planks = [(floor, self.floor)]
        n = 26
        for i in range(n):
            a, b = x0 + (x1 - x0) * i / n, x0 + (x1 - x0) * (i + 1) / n
            cuts = sorted({0.0, 1.6, rng.uniform(0.1, 0.6), rng.uniform(0.6, 1.2)})
            for s, t in itertools.pairwise(cuts):
                tone = vary(rng, mix(self.floor, (90, 58, 36), rng.random() * 0.35), 6)
                planks.append(
                    ([on_floor(a, s), on_floor(b, s), on_floor(b, t), on_floor(a, t)], tone)
                )
        beams = [(ceiling, light(wall, 0.45))]
        for t in (0.12, 0.5, 0.85, 1.15):
            a, b = t, t + 0.05
            beams.append(
                (
                    [on_left(a, 0), on_right(a, 0), on_right(b, 0), on_left(b, 0)],
                    dark(self.floor, 0.2),
                )
            )
            beams.append(
                (
                    [on_left(b, 0), on_right(b, 0), on_right(b, 0) + 7j, on_left(b, 0) + 7j],
                    dark(self.floor, 0.45),
                )
            )
        dado = dark(mix(wall, self.floor, 0.35), 0.05)
        skirt = dark(self.floor, 0.4)
        c.paint(
            *beams,
            (far, wall),
            (left, light(wall, 0.12)),
            (right, dark(wall, 0.07)),
            *planks,
            ([complex(x0, y1 - 12), complex(x1, y1 - 12), complex(x1, y1), complex(x0, y1)], skirt),
            ([on_left(0, 0.97), on_left(1.6, 0.97), on_left(1.6, 1), on_left(0, 1)], skirt),
            (
                [on_right(0, 0.97), on_right(1.6, 0.97), on_right(1.6, 1), on_right(0, 1)],
                dark(skirt, 0.2),
            ),
            (
                [
                    complex(x0, y1 - 16),
                    complex(x1, y1 - 16),
                    complex(x1, y1 - 12),
                    complex(x0, y1 - 12),
                ],
                dado,
            ),
        )
        corners = c.area(far)
        c.image = texture.shade(c.image, texture.cloudy(rng, c.size, 90 * c.k, 3), 0.06)
        # corners of a room are darker, and pools of light lie on the far wall
        soft = ImageChops.subtract(
            c.area(far, soft=26), corners.point([v // 2 for v in range(256)])
        )
        edge = ImageChops.multiply(soft, corners.point([round((255 - v) / 4) for v in range(256)]))
        c.image.paste((70, 54, 40), (0, 0, *c.size), edge)
        pools = Image.new("L", c.size, 96)
        for x in (380, 600, 820):
            at = c.at(complex(x, 215))
            spot = texture.spot(c.size, (at.real / c.size[0], at.imag / c.size[1]), 0.23, 96, 176)
            pools = ImageChops.lighter(pools, spot)
        lit = texture.shade(c.image, pools, 0.55)
        c.image.paste(lit, (0, 0), corners)

    def _windows(self, c, rng):
        """Tall windows on the left with a garden behind them, and their light on the floor."""
        shapes, glow, beams = [], [], []
        frame = (246, 243, 236)
        for a, b in ((0.1, 0.3), (0.4, 0.58), (0.68, 0.84)):

            def q(t, y, a=a, b=b):
                return on_left(a + (b - a) * t, y)

            outer = [q(-0.05, 0.14), q(1.05, 0.14), q(1.05, 0.66), q(-0.05, 0.66)]
            shapes.append((outer, dark(frame, 0.12)))
            for i in range(2):
                for j in range(3):
                    s, t = 0.03 + i * 0.49, 0.03 + i * 0.49 + 0.45
                    y, z = 0.16 + j * 0.165, 0.16 + j * 0.165 + 0.15
                    pane = [q(s, y), q(t, y), q(t, z), q(s, z)]
                    sky = mix((206, 226, 238), (238, 244, 240), rng.random() * 0.6)
                    shapes.append((pane, sky if j < 2 else (166, 190, 138)))
                    if j == 1:
                        shapes.append(
                            (
                                [
                                    q(s, z - 0.06),
                                    q(t, z - 0.03 - 0.03 * rng.random()),
                                    q(t, z),
                                    q(s, z),
                                ],
                                (140, 170, 120),
                            )
                        )
                    glow.append(pane)
            shapes.append(([q(-0.1, 0.66), q(1.1, 0.66), q(1.12, 0.69), q(-0.12, 0.69)], frame))
            x = 330
            beams.append(
                [
                    on_floor(x, a + 0.12),
                    on_floor(x + 130, a + 0.3),
                    on_floor(x + 130, b + 0.3),
                    on_floor(x, b + 0.12),
                ]
            )
        c.paint(*shapes)
        bloom = c.area(*glow, soft=22)
        c.image = ImageChops.screen(
            c.image,
            Image.merge(
                "RGB", [bloom.point([round(v * f) for v in range(256)]) for f in (0.42, 0.4, 0.34)]
            ),
        )
        light_ = c.area(*beams, soft=5)
        warm = [light_.point([round(v * f) for v in range(256)]) for f in (0.3, 0.27, 0.2)]
        c.image = ImageChops.screen(c.image, Image.merge("RGB", warm))

    def _cut(self, kind, rng, tall, c):
        """A piece that stands upright well, drawn for this place."""
        piece = kind(rng.randint(1, 400))
        while getattr(piece, "form", "") in ("spoons", "coasters"):
            piece = kind(rng.randint(1, 400))
        return piece.cutout(max(24, round(tall * c.k * 1.1)))

    def _hang(self, c, rng):
        """Three works on the far wall, two on the right one in perspective."""
        plan = [(self.hung[0], 372, 190), (Kilim, 600, 262), (self.hung[1], 828, 190)]
        for kind, x, tall in plan:
            rgb, mask = self._cut(kind, rng, tall, c)
            w = tall * rgb.width / rgb.height
            if w > 200:
                tall, w = tall * 200 / w, 200
            top = 268 - tall / 2
            quad = [
                complex(x - w / 2, top),
                complex(x + w / 2, top),
                complex(x + w / 2, top + tall),
                complex(x - w / 2, top + tall),
            ]
            c.hang(rgb, mask, quad)
            card = complex(x + w / 2 + 8, 268 + tall / 2 - 22)
            c.paint(
                ([card, card + 20, card + 20 + 14j, card + 14j], (250, 248, 242)),
                (
                    [card + 3 + 4j, card + 15 + 4j, card + 15 + 5.5j, card + 3 + 5.5j],
                    (120, 110, 100),
                ),
                (
                    [card + 3 + 8j, card + 12 + 8j, card + 12 + 9.2j, card + 3 + 9.2j],
                    (160, 150, 140),
                ),
            )
        for kind, a, b, y0, y1 in (
            (self.side, 0.12, 0.38, 0.16, 0.66),
            (Ebru, 0.5, 0.68, 0.2, 0.58),
        ):
            rgb, mask = self._cut(kind, rng, 300, c)
            c.hang(
                rgb,
                mask,
                [on_right(a, y0), on_right(b, y0), on_right(b, y1), on_right(a, y1)],
                (-5, 6),
            )

    def _polish(self, c):
        """The floor mirrors the walls faintly."""
        y = round(c.at(1j * BACK[3]).imag)
        low = c.size[1] - y
        mirror = c.image.crop((0, y - low, c.size[0], y)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        mirror = (
            mirror.reduce(4).filter(ImageFilter.GaussianBlur(2.2 * c.k)).resize((c.size[0], low))
        )
        fade = texture.gradient((c.size[0], low), (74, 74, 18, 18))
        floor = c.area([on_left(0, 1), on_right(0, 1), on_right(1.6, 1), on_left(1.6, 1)]).crop(
            (0, y, c.size[0], c.size[1])
        )
        c.image.paste(mirror, (0, y), ImageChops.multiply(fade, floor))

    # Furniture ----------------------------------------------------------------------------------
    def _table(self, c, rng, x0, x1, near, far, high):
        """A table with a cloth to the floor; corners in floor measures. Returns its top outline."""
        lift = [high * (1 / (1 - 0.42 * t)) * 1j for t in (far, near)]
        a, b = on_floor(x0, far), on_floor(x1, far)
        d, e = on_floor(x1, near), on_floor(x0, near)
        top = [a - lift[0], b - lift[0], d - lift[1], e - lift[1]]
        cloth = self.cloth.rgb
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

    def _stand(self, c, rng, kind, foot, tall):
        """A piece leaning on a small stand at `foot` (its middle below)."""
        rgb, mask = self._cut(kind, rng, tall, c)
        w = tall * rgb.width / rgb.height
        if w > tall * 1.5:
            tall, w = tall * 0.78, w * 0.78
        lean = tall * 0.05
        quad = [
            foot + complex(-w / 2 + lean * 0.5, -tall),
            foot + complex(w / 2 - lean * 0.5, -tall),
            foot + w / 2,
            foot - w / 2,
        ]
        c.lay(
            (34, 24, 18),
            [
                foot + complex(-w * 0.42, -4),
                foot + complex(w * 0.5, -4),
                foot + complex(w * 0.56, 9),
                foot + complex(-w * 0.4, 9),
            ],
            5,
            0.5,
        )
        c.hang(rgb, mask, quad, (5, 3), 0.4)

    def _tables(self, c, rng):
        """A long table under the far wall and a nearer one at the left."""
        top = self._table(c, rng, 300, 900, 0.3, 0.08, 62)
        across = top[1] - top[0]
        for i, kind in enumerate(
            (self.stood[0], self.stood[1], self.stood[2], self.stood[0], self.stood[1])
        ):
            foot = top[0] + across * (0.1 + 0.2 * i) + (top[3] - top[0]) * 0.62
            self._stand(c, rng, kind, foot, 74 + 8 * (i % 2))
        top = self._table(c, rng, 215, 395, 1.05, 0.62, 66)
        for t, kind, tall in ((0.24, self.stood[2], 128), (0.72, self.stood[0], 138)):
            foot = top[0] + (top[1] - top[0]) * t + (top[3] - top[0]) * 0.55
            self._stand(c, rng, kind, foot, tall)

    def _plinth(self, c, rng):
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
        self._vase(c, rng, base - (h + 4) * 1j, 1.0)

    def _vase(self, c, rng, foot, k):
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
        sheen = [
            foot + complex(x, y) * k for x, y in ((-15, -50), (-10, -52), (-12, -14), (-18, -20))
        ]
        c.lay((255, 255, 255), sheen, 2.5, 0.7)

    def _ribbon(self, c, rng):
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
                        p
                        + complex(22 * math.cos(a / 24 * math.tau), 7 * math.sin(a / 24 * math.tau))
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
        self._vase(c, rng, on_floor(850, 0.95) - 6j, 1.5)

    # Words --------------------------------------------------------------------------------------
    def title(self):
        return {"tr": "Sergi salonu", "en": "Exhibition hall"}

    def alt(self, view: str = "whole"):
        tr = ", ".join(TR[k] for k in (Kilim, *self.hung))
        en = ", ".join(EN[k] for k in (Kilim, *self.hung))
        wood = {150: "kahverengi", 168: "açık kahverengi", 124: "koyu kahverengi"}[self.floor[0]]
        return {
            "tr": f"Pencereli sergi salonu çizimi: duvarlarda {tr}; {self.cloth.tr} örtülü masalarda "
            f"el işleri, {wood} ahşap döşeme üzerinde pencerelerden düşen ışık",
            "en": f"Drawing of an exhibition hall: {en} on the walls, handiwork on tables with "
            f"{self.cloth.en} cloths, daylight on the wooden floor",
        }


TR = {
    Kilim: "kilim",
    Kirkyama: "kırkyama",
    Filografi: "filografi",
    Ebru: "ebru",
    Kanavice: "kanaviçe",
    Vitray: "vitray",
}
EN = {
    Kilim: "a kilim",
    Kirkyama: "patchwork",
    Filografi: "string art",
    Ebru: "marbled paper",
    Kanavice: "cross-stitch",
    Vitray: "stained glass",
}


class Opening(Hall):
    """The same kind of room on the day of the opening, the ribbon still uncut."""

    slug = "opening"
    opening = True

    def title(self):
        return {"tr": "Açılış", "en": "Opening"}

    def alt(self, view: str = "whole"):
        tr = ", ".join(TR[k] for k in (Kilim, *self.hung))
        en = ", ".join(EN[k] for k in (Kilim, *self.hung))
        return {
            "tr": f"Sergi salonu çizimi: pirinç direkler arasında fiyonklu kırmızı kurdele, "
            f"arkada {tr} ve {self.cloth.tr} örtülü masalar, yanda vazoda çiçekler",
            "en": f"Drawing of a hall: a red ribbon with a bow between brass posts, "
            f"behind it {en} and tables with {self.cloth.en} cloths",
        }
