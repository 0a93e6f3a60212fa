"""İğne oyası: a muslin kerchief with needle-lace flowers along its edge."""

import math

from PIL import Image, ImageChops

from . import colour, flora, shapes, studio, texture
from .colour import dark, light, listing, vary
from .piece import Piece
from .shapes import along, bezier, drop, place, polar
from .sheet import Sheet
from .words import cap

C = colour
GROUNDS = (
    C.WHITE,
    C.WHITE,
    C.WHITE,
    C.WHITE,
    C.WHITE,
    C.IVORY,
    C.BURGUNDY,
    C.NAVY,
    C.FOREST,
    C.ROSE,
    C.MINT,
    C.LILAC,
)
TRIOS = (
    (C.ROSE, C.FUCHSIA, C.LEAF),
    (C.TOMATO, C.LEMON, C.LEAF),
    (C.VIOLET, C.LILAC, C.LEAF),
    (C.BLUE, C.SKY, C.LEAF),
    (C.ORANGE, C.LEMON, C.OLIVE),
    (C.TURQUOISE, C.WHITE, C.LEAF),
    (C.FUCHSIA, C.PEACH, C.FOREST),
    (C.RED, C.WHITE, C.LEAF),
)
KINDS = {
    "karanfil": ("karanfil", "carnation"),
    "papatya": ("papatya", "daisy"),
    "menekşe": ("menekşe", "violet"),
    "biber": ("biber", "pepper"),
    "yaprak": ("yaprak", "leaf-fan"),
}


class Oya(Piece):
    slug = "igne-oyasi"
    name = {"tr": "İğne oyası", "en": "Needle lace (iğne oyası)"}
    frames = ((4, 5), (1, 1), (5, 4), (3, 2))
    grounds = (studio.OAT, studio.OAK, studio.DUSK, studio.CLAY, studio.SAGE, studio.WALNUT_TABLE)
    margin = 0.04
    lift = 0.005
    depth = 0.5
    thick = 0.0
    turn = 3

    def plan(self, rng):
        self.cloth = rng.choice(GROUNDS)
        self.first, self.second, self.leaf = rng.choice(TRIOS)
        while self.cloth in (self.first, self.second, self.leaf):
            self.first, self.second, self.leaf = rng.choice(TRIOS)
        self.kind = self.pick("kind", KINDS)
        self.printed = rng.random() < 0.55
        self.pitch = rng.choice((3.4, 3.9, 4.4))  # cm from flower to flower
        self.width = self.height = 90  # the whole kerchief; it is shown folded
        self.fold = self.pick("fold", ("corner", "triangle", "rows"))
        self.lean = rng.uniform(0.06, 0.19)  # turns
        if self.fold == "triangle":
            self.frame = rng.choice(((3, 2), (5, 4)))
        self.bleeds = self.fold != "triangle"
        if self.pale:
            self.ground = rng.choice(
                (studio.OAK, studio.DUSK, studio.CLAY, studio.SAGE, studio.WALNUT_TABLE)
            )
        else:
            self.ground = rng.choice((studio.LINEN, studio.CHALK, studio.OAT, studio.SAND))

    @property
    def pale(self):
        return self.cloth in (C.WHITE, C.IVORY, C.MINT)

    # The folded cloth: layers from below upwards, each a corner and the two ways its sides run ------
    def layers(self):
        if self.fold == "triangle":
            e = polar(1, -0.125 - 0.02), polar(1, -0.375 + 0.02)
            return [(15j, *e, True, 32), (9.5j, *e, True, 25.5)]
        if self.fold == "rows":
            way = polar(1, self.lean * 0.12 - 0.01)
            up = way * -1j
            return [(-60 + 9j, way, up, False, 140), (-60 + 0.5j, way, up, False, 140)]
        e = polar(1, -self.lean), polar(1, -self.lean - 0.25)
        return [(complex((self.lean - 0.125) * 170, 11), *e, True, 140)]

    def extent(self):
        return (-21, -11, 21, 18.5) if self.fold == "triangle" else (-17, -17, 17, 17)

    def focus(self, rng):
        corner, e1, e2, _, _ = self.layers()[-1]
        t = 62 if self.fold == "rows" else rng.uniform(8, 12)
        return corner + e1 * t + self.out(e1, e2) * 0.8, 14

    @staticmethod
    def out(e1, e2):
        """The unit vector off the cloth across its side e1."""
        n = e1 * 1j
        return n if (n / e2).real < 0 else -n

    def paint(self, sheet: Sheet, rng):
        sheet.rgb.paste(light(self.first.rgb, 0.2), (0, 0, *sheet.size))
        sheet.mask = Image.new("L", sheet.size, 0)
        for k, (corner, e1, e2, both, length) in enumerate(self.layers()):
            far = [] if self.fold == "triangle" else [corner + (e1 + e2) * length]
            outline = [corner, corner + e1 * length, *far, corner + e2 * length]
            body = sheet.area(outline)
            if k:
                sheet.shadow(body, 0.5, 0.4)
            top = k == len(self.layers()) - 1
            self._cloth(sheet, rng, body, corner, e1, e2, self.printed and top, top)
            strokes = []
            self._edge(sheet, strokes, corner, e1, self.out(e1, e2), length, rng)
            if both:
                self._edge(sheet, strokes, corner, e2, self.out(e2, e1), length, rng)
            self._lace(sheet, strokes, body)
            sheet.mask.paste(255, (0, 0), body)

    def _cloth(self, sheet, rng, body, corner, e1, e2, printed, top):
        ground, sheet.rgb = sheet.rgb, Image.new("RGB", sheet.size, self.cloth.rgb)
        if printed:
            self._print(sheet, corner, e1, e2)
        pitch = sheet.px(0.07)
        if pitch >= 1.5:
            sheet.shade(texture.weave(rng, sheet.size, pitch, 0.11))
        if top:
            self._folds(sheet, rng, corner, e1, e2)
        sheet.shade(texture.relief(sheet.blur(body, 0.25), 0.25, max(1, round(sheet.px(0.15))), 1))
        sheet.rgb = Image.composite(sheet.rgb, ground, body)

    def _folds(self, sheet, rng, corner, e1, e2):
        step = max(2, round(sheet.px(0.5)))
        creases = sheet.grey(
            lambda pen: [
                pen.fill([at, at + way * 90, at + way * 90 + (60 + 60j), at + (60 + 60j)], v)
                for at, way, v in (
                    (corner + e2 * 16 - e1 * 30, e1, 165),
                    (corner + e1 * 19 - e2 * 30, e2, 190),
                )
            ],
            120,
        )
        sheet.shade(texture.relief(sheet.blur(creases, 0.35), 0.4, step, step / 2))
        waves = texture.noise(rng, sheet.size, sheet.px(5, 8), (1, 2.2))
        step = max(2, round(sheet.px(1)))
        sheet.shade(texture.relief(waves, 0.3, step, step))

    def _lace(self, sheet, strokes, body):
        height = sheet.grey(lambda pen: [self._stroke(pen, s, s[4]) for s in strokes])
        lace = height.point([min(255, round(v * 2.2)) for v in range(256)])
        on_cloth = Image.new("L", sheet.size, 0)
        on_cloth.paste(lace, (0, 0), ImageChops.lighter(sheet.mask, body))
        sheet.shadow(on_cloth, 0.2, 0.4)
        with sheet.over() as pen:
            for s in strokes:
                self._stroke(pen, s, s[3])
        sheet.shade(
            texture.relief(sheet.blur(height, 0.03), 0.8, max(1, round(sheet.px(0.05)))), 1, lace
        )
        sheet.mask.paste(255, (0, 0), lace)

    @staticmethod
    def _stroke(pen, stroke, colour):
        kind, points, width, _, _ = stroke
        if kind == "fill":
            pen.fill(points, colour)
        elif kind == "disc":
            pen.disc(points, width, colour)
        else:
            pen.line(points, width, colour, smooth=False)

    def _print(self, sheet, corner, e1, e2):
        """Block-printed sprays in rows, as on a yazma."""
        colours = {
            "petal": self.first.rgb if self.pale else light(self.second.rgb, 0.25),
            "second": self.second.rgb if self.pale else self.first.rgb,
            "heart": C.LEMON.rgb,
            "leaf": self.leaf.rgb if self.pale else light(self.leaf.rgb, 0.35),
        }
        step = 6.5
        with sheet.over() as pen:
            for i in range(-3, 22):
                for j in range(22):
                    at = corner + e1 * (5 + step * (i + (j % 2) / 2)) + e2 * (4.5 + step * j)
                    if self._off(sheet, at):
                        continue
                    border = j == 0 or (i == 0 and self.fold != "rows")
                    way = -self.out(e1, e2) if j == 0 else -self.out(e2, e1)
                    turn = math.atan2(way.imag, way.real) / math.tau + 0.25
                    for s in (-1, 1):
                        for p in flora.set_at(
                            flora.plain_leaf(0.3 * s, 0.4), at, turn + 0.2 * s, 2.4
                        ):
                            pen.fill(p.outline, colours[p.role])
                    kind = flora.carnation(7) if border else flora.rosette(6, 2)
                    for p in flora.set_at(kind, at, turn, 3.6 if border else 2.6):
                        pen.fill(p.outline, colours[p.role])

    @staticmethod
    def _off(sheet, at, room=4):
        x0, y0, x1, y1 = sheet.window
        return not (x0 - room < at.real < x1 + room and y0 - room < at.imag < y1 + room)

    # The lace -----------------------------------------------------------------------------------
    def _edge(self, sheet, strokes, corner, way, out, length, rng):
        thread = light(self.leaf.rgb, 0.1)
        for at, d in along([corner, corner + way * length], 0.34):  # loops that everything hangs on
            if not self._off(sheet, at, 1):
                loop = bezier(at, at + out * 0.42, at + d * 0.34 + out * 0.42, at + d * 0.34, 6)
                strokes.append(("line", loop, 0.085, vary(rng, thread, 12), 170))
        strokes.append(("line", [corner, corner + way * length], 0.1, dark(thread, 0.1), 150))
        for i in range(round(length / self.pitch)):
            at = corner + way * self.pitch * (i + (0.5 if i else 0.35)) + out * 0.25
            if self._off(sheet, at):
                continue
            pair = (self.first, self.second) if i % 2 == 0 else (self.second, self.first)
            self._flower(strokes, at, out, *pair, rng.uniform(-0.03, 0.03), rng)
            mid = at + way * self.pitch / 2
            turn = math.atan2(out.imag, out.real) / math.tau
            for s in (-0.09, 0.09):  # a small leaf triangle between two flowers
                self._petal(strokes, mid, turn + s, 1.0, 0.55, self.leaf.rgb, rng, pointed=True)

    def _flower(self, strokes, at, out, main, other, lean, rng):
        turn = math.atan2(out.imag, out.real) / math.tau + lean
        green = self.leaf.rgb
        size = self.pitch * 0.62
        stem = at + polar(size * 0.35, turn)
        strokes.append(("line", [at, stem], 0.16, green, 200))
        for s in (-0.17, 0.17):
            self._petal(strokes, at, turn + s, size * 0.6, size * 0.28, green, rng, pointed=True)
        if self.kind == "karanfil":
            for length, spread, count, c in (
                (0.95, 0.44, 7, main),
                (0.7, 0.36, 5, other),
                (0.45, 0.24, 3, main),
            ):
                for i in range(count):
                    t = turn + spread * (i / (count - 1) - 0.5)
                    self._petal(
                        strokes, stem, t, size * length, size * 0.32, c.rgb, rng, teeth=True
                    )
        elif self.kind == "papatya":
            heart = stem + polar(size * 0.42, turn)
            for i in range(8):
                self._petal(strokes, heart, i / 8 + turn, size * 0.55, size * 0.3, main.rgb, rng)
            self._dots(
                strokes, heart, size * 0.15, C.LEMON.rgb if main != C.LEMON else C.ORANGE.rgb
            )
        elif self.kind == "menekşe":
            heart = stem + polar(size * 0.36, turn)
            for i, c in enumerate((main, other, main, other, main)):
                self._petal(strokes, heart, i / 5 + turn + 0.1, size * 0.56, size * 0.5, c.rgb, rng)
            self._dots(strokes, heart, size * 0.1, C.LEMON.rgb)
        elif self.kind == "biber":
            for i in range(3):
                t = turn + (i - 1) * 0.12
                self._petal(
                    strokes,
                    stem,
                    t,
                    size * (1.05 if i == 1 else 0.9),
                    size * 0.3,
                    (main if i == 1 else other).rgb,
                    rng,
                    pointed=True,
                )
            self._dots(strokes, stem, size * 0.1, green)
        else:
            for i in range(5):
                t = turn + 0.4 * (i / 4 - 0.5)
                self._petal(
                    strokes,
                    stem,
                    t,
                    size * 0.95,
                    size * 0.34,
                    (main if i % 2 == 0 else other).rgb,
                    rng,
                    pointed=True,
                )
            self._dots(strokes, stem, size * 0.12, C.LEMON.rgb)

    def _dots(self, strokes, at, r, c):
        for i in range(6):
            strokes.append(
                ("disc", at + polar(r * 0.6, i / 6), r * 0.5, light(c, 0.1 * (i % 3)), 235)
            )
        strokes.append(("disc", at, r * 0.5, light(c, 0.25), 255))

    def _petal(self, strokes, at, turn, length, width, c, rng, pointed=False, teeth=False):
        """A petal of knotted loops: a soft body, rows of tiny arches, picots on the rim."""
        shape = shapes.leaf(length, width * 1.1) if pointed else drop(length, width)
        body = place(shape, at, turn)
        strokes.append(("fill", body, 0, dark(vary(rng, c, 8), 0.12), 120))
        rows = max(3, round(length / 0.24))
        for r in range(1, rows + 1):
            t = r / (rows + 0.4)
            half = (
                width
                / 2
                * (
                    math.sin(math.pi * min(1, t)) ** 0.8
                    if pointed
                    else 1.15
                    * t**0.55
                    * math.sqrt(max(0, 1 - ((t - 0.62) / 0.42) ** 2) if t > 0.62 else 1)
                )
            )
            n = max(1, round(2 * half / 0.2))
            pts = []
            for i in range(2 * n + 1):
                x = length * t + (0.05 if i % 2 else -0.035)
                pts.append(complex(x, half * (i / n - 1)))
            strokes.append(
                ("line", place(pts, at, turn), 0.062, light(vary(rng, c, 10), 0.12), 225)
            )
        n = len(body)
        strokes.append(("line", [*body, body[0]], 0.075, light(c, 0.22), 240))
        if teeth or not pointed:
            for i in range(n // 4, 3 * n // 4 + 1, 2):
                p = body[i]
                strokes.append(
                    ("disc", p + (p - at) / abs(p - at) * 0.04, 0.075, light(c, 0.4), 255)
                )
        else:
            strokes.append(("disc", at + polar(length, turn), 0.09, light(c, 0.4), 255))

    # Words --------------------------------------------------------------------------------------
    def title(self):
        a, b = KINDS[self.kind]
        return {
            "tr": cap(f"{a} oyalı {'yazma' if self.printed else 'tülbent'}"),
            "en": f"{'Printed kerchief' if self.printed else 'Kerchief'} with {b} needle lace",
        }

    def materials(self):
        return {"tr": "pamuklu tülbent, polyester oya ipliği", "en": "cotton muslin, lace thread"}

    def alt(self, view):
        a, b = KINDS[self.kind]
        tr, en = (
            listing((self.first, self.second, self.leaf), "tr"),
            listing((self.first, self.second, self.leaf), "en"),
        )
        if view == "detail":
            return {
                "tr": f"Oyanın yakından görünüşü: {self.cloth.tr} tülbent kenarındaki ilmek zincirine "
                f"bağlı {tr} {a} motifleri, yapraklarda tek tek seçilen ilmekler",
                "en": f"Close view of the lace: {b} motifs in {en} on the chain of loops at the edge of "
                f"{self.cloth.en} muslin, single knots visible",
            }
        how = {
            "corner": ("köşesi görünen", "its corner shown"),
            "triangle": ("üçgen katlanmış", "folded to a triangle"),
            "rows": ("üst üste katlanmış", "folded in two rows"),
        }[self.fold]
        print_tr = "zeminli, çiçek baskılı yazma" if self.printed else "düz tülbent"
        print_en = "muslin printed with flowers" if self.printed else "plain muslin"
        return {
            "tr": f"{cap(how[0])} {self.cloth.tr} {print_tr}; "
            f"kenarı boyunca {tr} iğne oyası {a} motifleri",
            "en": f"Kerchief of {self.cloth.en} {print_en}, {how[1]}; "
            f"along its edge {b} motifs of needle lace in {en}",
        }
