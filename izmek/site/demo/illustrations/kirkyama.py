"""Kırkyama: patches of printed cotton sewn together, quilted and bound."""

import math

from . import cloth, colour, studio, texture
from .colour import light, listing
from .piece import Piece
from .shapes import along, place, polar, rect
from .sheet import Sheet
from .words import cap

C = colour
PALETTES = (
    (C.INDIGO, C.SKY, C.IVORY, C.BRICK, C.SAFFRON),
    (C.BURGUNDY, C.ROSE, C.IVORY, C.OLIVE, C.PEACH),
    (C.FOREST, C.MINT, C.IVORY, C.MADDER, C.SAFFRON),
    (C.TEAL, C.TURQUOISE, C.WHITE, C.ORANGE, C.LEMON),
    (C.VIOLET, C.LILAC, C.IVORY, C.FUCHSIA, C.MINT),
    (C.NAVY, C.BLUE, C.WHITE, C.TOMATO, C.SKY),
    (C.WALNUT, C.CAMEL, C.IVORY, C.BRICK, C.OLIVE),
)
LAYOUTS = {
    "lone star": (
        "ortada baklavalardan büyük bir sekiz köşeli yıldız",
        "one large eight-pointed star of diamonds in the middle",
    ),
    "stars": (
        "kare kare dizilmiş sekiz köşeli yıldızlar",
        "eight-pointed stars set square by square",
    ),
    "log cabin": (
        "ortadaki karenin çevresine şerit şerit eklenmiş bloklar",
        "blocks built of strips round a small square",
    ),
    "pinwheels": ("üçgenlerden fırıldak blokları", "pinwheel blocks of triangles"),
    "hexagons": ("altıgen parçalardan çiçekler", "flowers made of hexagons"),
}
TITLES = {
    "lone star": ("Büyük yıldız kırkyama", "Lone-star patchwork"),
    "stars": ("Yıldızlı kırkyama örtü", "Patchwork cover with stars"),
    "log cabin": ("Şerit bloklu kırkyama", "Log-cabin patchwork"),
    "pinwheels": ("Fırıldak kırkyama örtü", "Pinwheel patchwork cover"),
    "hexagons": ("Altıgen çiçekli kırkyama", "Patchwork of hexagon flowers"),
}


class Kirkyama(Piece):
    slug = "kirkyama"
    name = {"tr": "Kırkyama", "en": "Patchwork"}
    frames = ((4, 5), (1, 1), (4, 5), (3, 4))
    grounds = (studio.CHALK, studio.OAK, studio.SAND, studio.DUSK, studio.OAT)
    margin = 0.06
    lift = 0.009
    thick = 0.8
    wave = 0.0022
    turn = 1.5

    def plan(self, rng):
        self.layout = self.pick("layout", LAYOUTS)
        self.colours = list(self.pick("palette", PALETTES))
        if rng.random() < 0.4:  # dark ground instead of pale
            self.colours[0], self.colours[2] = self.colours[2], self.colours[0]
        self.prints = [rng.choice(cloth.PRINTS) for _ in self.colours]
        self.prints[2] = rng.choice(("plain", "plain", "dots", "sprigs"))
        self.block = rng.choice((22, 26, 30))
        square = self.frame == (1, 1) or self.layout == "lone star"
        self.cols, self.rows = (4, 4) if square else rng.choice(((4, 5), (3, 4)))
        self.settings = rng.choice(((0, 2, 2, 0), (0, 1, 3, 2), (0, 0, 0, 0), (0, 2, 0, 2)))
        self.edge = 7  # cm of border
        self.width = self.cols * self.block + 2 * self.edge
        self.height = self.rows * self.block + 2 * self.edge

    def focus(self, rng):
        at = complex(rng.choice((-1, 0, 1)), rng.choice((-1, 0, 1))) * self.block * 0.9
        return at, self.block * 1.8

    # Patches: (outline, which fabric) -------------------------------------------------------------
    def patches(self):
        x0, y0 = -self.cols * self.block / 2, -self.rows * self.block / 2
        w, h = self.width / 2, self.height / 2
        out = [
            ([complex(-w, -h), complex(w, -h), complex(-x0, y0), complex(x0, y0)], 0),
            ([complex(-w, h), complex(w, h), complex(-x0, -y0), complex(x0, -y0)], 0),
            ([complex(-w, -h), complex(x0, y0), complex(x0, -y0), complex(-w, h)], 0),
            ([complex(w, -h), complex(-x0, y0), complex(-x0, -y0), complex(w, h)], 0),
        ]
        if self.layout == "lone star":
            return out + self._lone_star(x0, y0)
        if self.layout == "hexagons":
            return out + self._hexagons(x0, y0)
        make = {"stars": self._star, "log cabin": self._cabin, "pinwheels": self._wheel}[
            self.layout
        ]
        for j in range(self.rows):
            for i in range(self.cols):
                at = complex(x0 + (i + 0.5) * self.block, y0 + (j + 0.5) * self.block)
                out += [(place(o, at, 0, self.block), f) for o, f in make(i, j)]
        return out

    def _star(self, i, j):
        """Ohio star on even squares, a square in a square on odd ones."""
        if (i + j) % 2:
            q = 0.25
            return [
                (rect(-0.5, -0.5, 0.5, 0.5), 2),
                ([-0.5j, 0.5, 0.5j, -0.5], 1),
                (rect(-q, -q, q, q), 3),
                ([-0.25j, 0.25, 0.25j, -0.25], 4),
            ]
        out = [(rect(-0.5, -0.5, 0.5, 0.5), 2)]
        for k in range(4):
            t = 1j**k
            out.append(([p * t for p in (-0.5 - 0.5j, -0.5j - 0.25 + 0.25, -0.25 - 0.25j)], 2))
            out.append(([p * t for p in (-0.25 - 0.5j, -0.25 - 0.25j, -0.25j)], 3))
            out.append(([p * t for p in (0.25 - 0.5j, -0.25j, 0.25 - 0.25j)], 3))
            out.append(([p * t for p in (-0.25 - 0.5j, 0.25 - 0.5j, -0.25j)], 1))
        out.append((rect(-0.25, -0.25, 0.25, 0.25), 0))
        out.append(([-0.25j, 0.25, 0.25j, -0.25], 4))
        return out

    def _cabin(self, i, j):
        """Strips round a square, pale on two sides, dark on two; neighbours turned to make diamonds."""
        out = []
        n = 4
        s = 1 / (2 * n + 1)
        x0 = y0 = -s / 2
        x1 = y1 = s / 2
        out.append((rect(x0, y0, x1, y1), 3))
        for ring in range(n):
            pale = 2 if ring % 2 == 0 else 4
            deep = 0 if ring % 2 == 0 else 1
            out.append((rect(x0, y0 - s, x1, y0), pale))
            y0 -= s
            out.append((rect(x1, y0, x1 + s, y1), pale))
            x1 += s
            out.append((rect(x0, y1, x1, y1 + s), deep))
            y1 += s
            out.append((rect(x0 - s, y0, x0, y1), deep))
            x0 -= s
        turn = 1j ** self.settings[i % 2 + 2 * (j % 2)]
        return [([p * turn for p in o], f) for o, f in out]

    def _wheel(self, i, j):
        out = []
        a, b = ((0, 2), (3, 2), (1, 2))[(i + 2 * j) % 3]
        for k in range(4):
            t = 1j**k
            out.append(([p * t for p in (0, -0.5, -0.5 - 0.5j)], a))
            out.append(([p * t for p in (0, -0.5j, -0.5 - 0.5j)], b))
            out.append(([p * t for p in (-0.5, -0.5 - 0.25j, -0.25 - 0.25j)], 4))
        return out

    def _lone_star(self, x0, y0):
        """Eight large diamonds, each of n × n small ones in rings of colour."""
        half = self.cols * self.block / 2
        n = 6
        reach = half * 0.98
        side = reach / (2 * math.cos(math.pi / 8)) / n * 1.0
        out = [(rect(-half, -half, half, half), 2)]
        for k in range(8):
            u, v = polar(side, k / 8 - 1 / 16 + 0.0625), polar(side, (k + 1) / 8 - 1 / 16 + 0.0625)
            for i in range(n):
                for j in range(n):
                    o = i * u + j * v
                    out.append(([o, o + u, o + u + v, o + v], (3, 4, 1, 0)[(i + j) % 4]))
        for k in range(4):  # a small star in each corner
            at = (1 + 1j) * half * 0.8 * 1j**k
            for i in range(8):
                u, v = polar(half * 0.09, i / 8), polar(half * 0.09, (i + 1) / 8)
                out.append(([at, at + u, at + u + v, at + v], (0, 3)[i % 2]))
        return out

    def _hexagons(self, x0, y0):
        """Grandmother's flower garden: rosettes of seven hexagons on a pale ground."""
        r = self.block / 6.2
        dx, dy = r * math.sqrt(3), r * 1.5
        out = [(rect(x0, y0, -x0, -y0), 2)]
        nx, ny = round(-2 * x0 / dx) + 1, round(-2 * y0 / dy) + 1
        for j in range(ny):
            for i in range(nx):
                at = complex(x0 + (i + (j % 2) / 2) * dx, y0 + j * dy)
                q, s = i - j // 2, j  # axial coordinates
                fabric = 4 if (q - 2 * s) % 7 == 0 else (0, 1, 3)[self._flower(q, s) % 3]
                hexagon = [at + polar(r, a / 6 + 1 / 12) for a in range(6)]
                hexagon = [
                    complex(max(x0, min(-x0, p.real)), max(y0, min(-y0, p.imag))) for p in hexagon
                ]
                if abs(hexagon[0] - hexagon[3]) > r * 0.2:
                    out.append((hexagon, fabric))
        return out

    def _flower(self, q, s):
        """Which of three fabrics the flower of this hexagon has: neighbours differ."""
        for dq, ds in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)):
            a, b = q + dq, s + ds
            if (a - 2 * b) % 7 == 0:  # the middle of a flower
                n = (a - 2 * b) // 7
                return (a - n) // 2 + n

    # Sewing -------------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        patches = self.patches()
        w, h = self.width / 2, self.height / 2
        for k, c in enumerate(self.colours):
            second = light(c.rgb, 0.7) if k != 2 else self.colours[3].rgb
            fabric = cloth.cotton(rng, sheet.size, sheet.scale, c.rgb, second, self.prints[k])
            # later patches lie on earlier ones, so every fabric's mask knows the others
            sheet.lay(
                fabric,
                sheet.grey(
                    lambda pen, k=k: [pen.fill(o, 255 if f == k else 0) for o, f in patches]
                ),
            )
        tone = sheet.grey(lambda pen: [pen.fill(o, rng.randint(112, 144)) for o, _ in patches], 128)
        sheet.shade(tone, 0.7)
        cloth.woven(sheet, rng)
        puff = sheet.grey(lambda pen: self._seams(pen, patches), 255)
        soft = sheet.blur(puff, 0.55)
        step = max(2, round(sheet.px(0.3)))
        sheet.shade(texture.relief(soft, 0.75, step, step / 2))
        sheet.shade(texture.relief(sheet.blur(puff, 0.1), 0.4, 1))
        folds = texture.cloudy(rng, sheet.size, sheet.px(3.5, 8), 2)
        sheet.shade(texture.relief(folds, 0.35, step, step))
        with sheet.over() as pen:
            self._stitches(pen, rng, patches)
            edge = rect(-w, -h, w, h)
            pen.line([*edge, edge[0]], 2.2, self.colours[3].rgb)
        sheet.mask = sheet.area(rect(-w, -h, w, h))
        bind = sheet.grey(lambda pen: pen.line([*rect(-w, -h, w, h), complex(-w, -h)], 1.9, 255))
        sheet.shade(texture.relief(sheet.blur(bind, 0.3), 0.6, max(1, round(sheet.px(0.15)))))

    def _seams(self, pen, patches):
        for o, _ in patches:
            pen.fill(o, 255)
            pen.line(o, 0.28, 70, closed=True)

    def _stitches(self, pen, rng, patches):
        """Running stitches a little inside every seam."""
        thread = light(self.colours[2].rgb, 0.6)
        shadow = (60, 50, 50)
        for o, f in patches:
            middle = sum(o) / len(o)
            small = min(abs(p - middle) for p in o)
            if small < 1.5:
                continue
            k = 1 - 0.9 / small
            inner = [middle + (p - middle) * k for p in o]
            if f == 2 and len(o) == 4 and small > self.block * 0.6:
                continue
            for at, way in along([*inner, inner[0]], 0.95):
                pen.line([at + 0.08 + 0.08j, at + way * 0.5 + 0.08 + 0.08j], 0.1, shadow)
                pen.line([at, at + way * 0.5], 0.12, thread)

    # Words --------------------------------------------------------------------------------------
    def title(self):
        tr, en = TITLES[self.layout]
        return {"tr": tr, "en": en}

    def materials(self):
        return {"tr": "pamuklu basma, elyaf, iplik", "en": "printed cotton, wadding, thread"}

    def alt(self, view):
        shown = self.colours[:4]
        tr, en = listing(shown, "tr"), listing(shown, "en")
        if view == "detail":
            return {
                "tr": f"Kırkyamanın yakından görünüşü: {tr} kumaş parçaların birleştiği dikişler ve "
                "kenar boyunca açık renk el teyeli",
                "en": f"Close view of the patchwork: seams between pieces of {en} cotton, with a pale "
                "running stitch along the edges",
            }
        a, b = LAYOUTS[self.layout]
        return {
            "tr": f"{cap(tr)} pamuklu parçalardan dikilmiş kırkyama örtü; {a}, "
            f"kenarında {self.colours[3].tr} biye",
            "en": f"Patchwork cover sewn from {en} cotton; {b}, bound in {self.colours[3].en}",
        }
