"""Ahşap boyama: flowers in brush strokes on a tray, a box or spoons, varnished."""

from . import colour, flora, shapes, studio, texture
from .colour import dark, light, listing, mix, vary
from .flora import set_at
from .piece import Piece
from .shapes import bezier, circle, ellipse, place, polar, ribbon, spline
from .sheet import Sheet
from .words import cap

C = colour
GROUNDS = (C.NAVY, C.BLACK, C.FOREST, C.BURGUNDY, C.TEAL, C.IVORY, C.MINT, C.SKY, C.WALNUT)
BLOOMS = (
    (C.TOMATO, C.ROSE, C.LEMON),
    (C.ROSE, C.IVORY, C.FUCHSIA),
    (C.ORANGE, C.LEMON, C.TOMATO),
    (C.BLUE, C.IVORY, C.LILAC),
    (C.PEACH, C.TOMATO, C.IVORY),
    (C.VIOLET, C.LILAC, C.LEMON),
)
FORMS = {
    "oval tray": ("oval tepsi", "oval tray"),
    "tray": ("kulplu tepsi", "handled tray"),
    "box": ("kapaklı kutu", "lidded box"),
    "spoons": ("üç tahta kaşık", "three wooden spoons"),
    "plate": ("yuvarlak duvar tabağı", "round wall plate"),
}


class Ahsap(Piece):
    slug = "ahsap-boyama"
    name = {"tr": "Ahşap boyama", "en": "Wood painting"}
    frames = ((1, 1), (4, 5), (5, 4))
    grounds = (studio.LINEN, studio.CHALK, studio.OAT, studio.SAND, studio.CLAY)
    margin = 0.08
    lift = 0.014
    thick = 0.0
    turn = 3

    def plan(self, rng):
        self.form = self.pick("form", FORMS)
        self.colour = self.pick("colour", GROUNDS)
        self.blooms = rng.choice(BLOOMS)
        while self.colour in self.blooms or (self.colour is C.SKY and C.BLUE in self.blooms):
            self.blooms = rng.choice(BLOOMS)
        self.flower = rng.choice(("rose", "tulip", "carnation", "rosette"))
        self.wood = rng.choice(((176, 124, 74), (150, 98, 56), (198, 152, 100)))
        self.width, self.height, self.frame = {
            "oval tray": (46, 32, (5, 4)),
            "tray": (48, 32, (5, 4)),
            "box": (26, 26, (1, 1)),
            "spoons": (26, 34, (4, 5)),
            "plate": (30, 30, (1, 1)),
        }[self.form]

    @property
    def dark_ground(self):
        return sum(self.colour.rgb) < 330

    @property
    def gold(self):
        return C.GOLD.rgb if self.dark_ground else mix(C.GOLD.rgb, C.WALNUT.rgb, 0.25)

    def focus(self, rng):
        if self.form == "spoons":
            return -9 - 9j, 13
        return polar(self.width * 0.12, rng.random()), self.width * 0.46

    # Brush work ---------------------------------------------------------------------------------
    def stroke(self, pen, rng, outline, root, rgb, pale):
        """One loaded brush stroke: dark at the root, pale at the tip, with streaks."""
        middle = sum(outline) / len(outline)
        tip = max(outline, key=lambda p: abs(p - root))
        pen.fill([middle + (p - middle) * 1.06 for p in outline], dark(rgb, 0.4))
        steps = 7
        for k in range(steps):
            t = k / (steps - 1)
            keep = 1 - 0.72 * t
            anchor = tip + (middle - tip) * 0.12
            pen.fill(
                [anchor + (p - anchor) * keep for p in outline],
                mix(dark(rgb, 0.18), pale, t * 0.85),
            )
        for _ in range(3):
            a = (
                root
                + (middle - root) * rng.uniform(0.3, 0.6)
                + (rng.gauss(0, 1) + 1j * rng.gauss(0, 1)) * abs(tip - root) * 0.05
            )
            b = a + (tip - root) * rng.uniform(0.3, 0.5)
            pen.line([a, b], abs(tip - root) * 0.018, mix(rgb, pale, rng.random()), smooth=False)

    def bloom(self, pen, rng, at, size, turn, k=0):
        main, pale, heart = (self.blooms[(k + i) % 3].rgb for i in range(3))
        pale = light(pale, 0.35)
        kind = self.flower if k % 3 != 2 or self.flower in flora.FROM_ABOVE else "rosette"
        shape = {
            "rose": flora.rose,
            "rosette": lambda: flora.rosette(5, 2),
            "tulip": flora.tulip,
            "carnation": lambda: flora.carnation(7),
        }[kind]()
        if kind not in flora.FROM_ABOVE:
            at = at + polar(size * 0.5, turn + 0.25)
        for p in set_at(shape, at, turn, size):
            if p.role == "heart" and kind in flora.FROM_ABOVE:
                self.dots(pen, at, size * 0.09, heart)
            elif p.role == "leaf":
                self.stroke(
                    pen, rng, p.outline, p.root, self.leaf_colour(rng), light(C.LEAF.rgb, 0.3)
                )
            else:
                c = main if p.role != "second" else mix(main, pale, 0.4)
                self.stroke(pen, rng, p.outline, p.root, vary(rng, c, 8), pale)

    def dots(self, pen, at, r, c):
        for i in range(7):
            p = at + polar(r, i / 7)
            pen.disc(p, r * 0.5, dark(c, 0.3))
            pen.disc(p - r * 0.08 * (1 + 1j), r * 0.4, light(c, 0.25))
        pen.disc(at, r * 0.6, light(c, 0.5))

    def leaf_colour(self, rng):
        return vary(rng, C.LEAF.rgb if self.dark_ground else C.FOREST.rgb, 14)

    def leaf(self, pen, rng, at, turn, length, bend=0.3):
        shape = place(shapes.leaf(length, length * 0.36, bend), at, turn)
        self.stroke(pen, rng, shape, at, self.leaf_colour(rng), light(C.MINT.rgb, 0.2))
        vein = place(
            bezier(0, length * (0.33 + 0.4j * bend), length * (0.66 + 0.4j * bend), length * 0.9),
            at,
            turn,
        )
        pen.fill(ribbon(vein, lambda t: length * 0.03 * (1 - t)), dark(C.FOREST.rgb, 0.3))

    def comma(self, pen, at, turn, length, c, way=1):
        path = place(
            bezier(
                0,
                length * (0.3 + 0.16j * way),
                length * (0.7 + 0.3j * way),
                length * (0.95 + 0.75j * way),
            ),
            at,
            turn,
        )
        pen.fill(ribbon(path, lambda t: length * 0.26 * (1 - t) ** 0.8 * min(1, 0.35 + t * 6)), c)

    def spray(self, pen, rng, at, size, turn=0.0, wide=1.0):
        """A garland: one large bloom, two smaller, buds, leaves and comma strokes."""

        def to(x, y):
            return at + place([complex(x * wide, y)], 0, turn, size)[0]

        for s in (-1, 1):
            path = [
                to(s * x, y) for x, y in ((0.1, 0.05), (0.5, 0.16), (0.95, 0.02), (1.32, -0.16))
            ]
            pen.fill(
                ribbon(spline(path), lambda t: size * 0.045 * (1.2 - t)), self.leaf_colour(rng)
            )
            base = turn + (0 if s > 0 else 0.5)
            for x, y, a, n in (
                (0.36, 0.14, 0.12, 0.5),
                (0.62, 0.17, -0.13, 0.46),
                (0.9, 0.05, 0.1, 0.42),
                (1.05, -0.02, -0.15, 0.36),
            ):
                self.leaf(pen, rng, to(s * x, y), base + a * s, size * n, 0.3 * s)
            for i in range(4):  # buds along the tip
                p = to(s * (1.16 + 0.1 * i), -0.08 - 0.09 * i)
                pen.disc(p, size * (0.055 - 0.009 * i), dark(self.blooms[0].rgb, 0.3))
                pen.disc(
                    p - size * 0.008 * (1 + 1j),
                    size * (0.044 - 0.008 * i),
                    light(self.blooms[i % 2].rgb, 0.2),
                )
            for i in range(3):
                self.comma(
                    pen,
                    to(s * (0.24 + 0.17 * i), 0.3 - 0.02 * i),
                    turn + 0.25 - s * (0.06 + 0.05 * i),
                    size * 0.26,
                    self.gold,
                    -s,
                )
        for x in (-0.42, -0.25, -0.1, 0.1, 0.25, 0.42):
            self.leaf(
                pen,
                rng,
                to(x * 0.6, -0.12),
                turn - 0.25 + x * 0.42,
                size * 0.78,
                0.2 if x < 0 else -0.2,
            )
        for s in (-1, 1):  # two small buds on stalks over the leaves
            stalk = bezier(
                to(0.1 * s, -0.3), to(0.2 * s, -0.6), to(0.4 * s, -0.75), to(0.52 * s, -0.78)
            )
            pen.fill(ribbon(stalk, size * 0.035), self.leaf_colour(rng))
            for p in set_at(flora.bud(), stalk[-1], turn + 0.16 * s, size * 0.24):
                c = self.blooms[0].rgb if p.role == "petal" else self.leaf_colour(rng)
                self.stroke(pen, rng, p.outline, p.root, c, light(c, 0.5))
        for s in (-1, 1):
            self.bloom(pen, rng, to(s * 0.7, -0.02), size * 0.62, turn + 0.06 * s, 1)
        self.bloom(pen, rng, to(0, 0), size * 0.98, turn, 0)

    def rim_dots(self, pen, outline, r, step):
        for at, _ in shapes.along([*outline, outline[0]], step):
            pen.disc(at, r, dark(self.gold, 0.35))
            pen.disc(at - r * 0.15 * (1 + 1j), r * 0.75, self.gold)

    # Forms --------------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        grain = texture.wood(rng, sheet.size, self.wood, max(4, sheet.px(0.5)))
        sheet.rgb = grain
        getattr(self, "_" + self.form.replace(" ", "_"))(sheet, rng)
        sheet.shade(texture.noise(rng, sheet.size), 0.03)

    def painted(self, sheet, rng, area, decorate):
        """Ground colour with brush marks, then the flowers, then varnish."""
        ground = texture.shade(
            texture.Image.new("RGB", sheet.size, self.colour.rgb),
            texture.noise(rng, sheet.size, max(1, sheet.px(0.07)), (26, 1)),
            0.1,
        )
        sheet.lay(ground, area)
        with sheet.over() as pen:
            decorate(pen)

    def varnish(self, sheet, mask, at, r, amount=0.35):
        """A broad soft light on the lacquer."""

        def band(pen):
            for k in (0, 1):
                a = at + k * r * 0.32
                pen.fill(
                    [a, a + r * (0.18 - 0.1j), a + r * (-0.35 + 1.1j), a + r * (-0.53 + 1.2j)],
                    255 - 90 * k,
                )

        glare = sheet.blur(sheet.grey(band), r * 0.07)
        sheet.rgb = studio.gloss(sheet.rgb, mask, glare, amount)

    def raised(self, sheet, levels, soft, strength=0.9):
        """Shade a turned or carved form: `levels` are (outline, height 0-255) from the outside in."""
        height = sheet.grey(lambda pen: [pen.fill(o, v) for o, v in levels])
        step = max(1, round(sheet.px(soft * 0.8)))
        sheet.shade(texture.relief(sheet.blur(height, soft), strength, step, step * 0.5))

    def _oval_tray(self, sheet, rng):
        w, h = self.width / 2, self.height / 2

        def ring(d, power=2.3):
            return ellipse(0, w - d, h - d, 140, power)

        sheet.mask = sheet.area(ring(0))

        def decorate(pen):
            self.spray(pen, rng, 1.2j, h * 0.7, 0, 1.16)
            self.rim_dots(pen, ring(3.1), 0.16, 1.05)
            pen.line(ring(2.45), 0.14, self.gold, closed=True)

        self.painted(sheet, rng, sheet.area(ring(1.7)), decorate)
        self.raised(
            sheet, ((ring(0), 150), (ring(0.5), 240), (ring(1.3), 235), (ring(1.8), 90)), 0.3
        )
        self.varnish(sheet, sheet.mask, complex(-w * 0.55, -h * 0.9), w * 0.7)

    def _plate(self, sheet, rng):
        r = self.width / 2
        sheet.mask = sheet.area(circle(0, r, 140))

        def decorate(pen):
            n = 8
            for i in range(n):
                a = i / n
                at = polar(r * 0.8, a)
                self.leaf(pen, rng, at, a + 0.25 + 0.04, r * 0.22, 0.3)
                self.leaf(pen, rng, at, a - 0.25 - 0.04, r * 0.22, -0.3)
                self.bloom(
                    pen, rng, at, r * 0.2, a + 0.25, i % 2 if self.flower in flora.FROM_ABOVE else 2
                )
            pen.line(circle(0, r * 0.62, 120), 0.12, self.gold, closed=True)
            self.spray(pen, rng, 0.5j, r * 0.38)
            for i in range(24):
                self.comma(pen, polar(r * 0.58, i / 24), i / 24 + 0.55, r * 0.07, self.gold)

        self.painted(sheet, rng, sheet.area(circle(0, r - 0.9, 140)), decorate)
        self.raised(
            sheet,
            (
                (circle(0, r, 120), 160),
                (circle(0, r - 0.5, 120), 240),
                (circle(0, r * 0.66, 120), 215),
                (circle(0, r * 0.62, 120), 120),
            ),
            0.3,
            0.8,
        )
        self.varnish(sheet, sheet.mask, complex(-r * 0.6, -r * 0.8), r * 0.8)

    def _tray(self, sheet, rng):
        w, h = self.width / 2, self.height / 2

        def ring(d):
            return ellipse(0, w - d, h - d, 160, 9)

        def slot(s):
            return ellipse(complex(s * (w - 2.1), 0), 0.75, 3.6, 60, 3)

        holes = sheet.area(slot(-1), slot(1))

        def decorate(pen):
            self.spray(pen, rng, 1.2j, h * 0.66, 0, 1.16)
            pen.line(ring(5.2), 0.12, self.gold, closed=True)
            for sx in (-1, 1):
                for sy in (-1, 1):
                    corner = complex(sx * (w - 7), sy * (h - 7))
                    turn = {(-1, -1): 0.125, (1, -1): 0.375, (1, 1): 0.625, (-1, 1): 0.875}[sx, sy]
                    for i in (-1, 0, 1):
                        self.comma(pen, corner, turn + i * 0.1, 2.6, self.gold, 1 if i >= 0 else -1)
                    self.leaf(pen, rng, corner, turn + 0.5 + 0.1, 2.6)
                    self.leaf(pen, rng, corner, turn + 0.5 - 0.1, 2.6, -0.3)
                    pen.disc(corner, 0.35, self.blooms[0].rgb)

        self.painted(sheet, rng, sheet.area(ring(4.4)), decorate)
        self.raised(
            sheet, ((ring(0), 120), (ring(0.5), 245), (ring(3.6), 230), (ring(4.4), 70)), 0.4
        )
        inner = texture.ImageChops.subtract(
            sheet.area(ring(4.3)), sheet.area([p + 0.9 + 1.1j for p in ring(5.0)])
        )
        sheet.shadow(sheet.blur(inner, 0.5), 0.5, 0.45)
        self.varnish(sheet, sheet.area(ring(4.4)), complex(-w * 0.5, -h * 0.7), w * 0.6)
        sheet.mask = texture.ImageChops.subtract(sheet.area(ring(0)), holes)
        sheet.shade(texture.relief(sheet.blur(holes, 0.15), -0.8, max(1, round(sheet.px(0.15)))))

    def _box(self, sheet, rng):
        w = self.width / 2

        def ring(d):
            return ellipse(0, w - d, w - d, 160, 8)

        sheet.mask = sheet.area(ring(0))

        def decorate(pen):
            self.spray(pen, rng, -3.1j, w * 0.47)
            self.spray(pen, rng, 3.3j, w * 0.47, 0.5)
            self.rim_dots(pen, ring(1.75), 0.12, 0.72)
            pen.line(ring(2.3), 0.1, self.gold, closed=True)

        self.painted(sheet, rng, sheet.area(ring(1.1)), decorate)
        self.raised(
            sheet, ((ring(0), 90), (ring(0.35), 200), (ring(0.8), 215), (ring(1.1), 240)), 0.25
        )
        self.varnish(sheet, sheet.mask, complex(-w * 0.5, -w * 0.8), w * 0.8)

    def _spoons(self, sheet, rng):
        bowls, outlines = [], []
        for x, y, turn in ((-9, -9, -0.03), (0.3, -10, 0.005), (9.3, -9, 0.035)):
            at = complex(x, y)
            half = [
                (0, -5.6),
                (2.6, -4.6),
                (3.7, -1.6),
                (3.3, 1.6),
                (1.6, 4.0),
                (0.62, 5.6),
                (0.55, 12),
                (0.65, 19),
                (0.85, 23.6),
                (0.5, 25),
            ]
            side = [complex(a, b) for a, b in half]
            shape = spline([*side, *[complex(-p.real, p.imag) for p in side[:0:-1]]], True)
            outlines.append(place(shape, at, turn))
            bowls.append((at, turn, place(ellipse(-0.9j, 2.95, 4.0, 60), at, turn)))
        sheet.mask = sheet.area(*outlines)
        ground = [b for _, _, b in bowls]

        def decorate(pen):
            for k, (at, turn, outline) in enumerate(bowls):
                pen.line(outline, 0.12, self.gold, closed=True)
                at = at - 0.9j
                for a in (0.05, 0.2, 0.3, 0.45, 0.7, 0.8):
                    self.leaf(pen, rng, at + polar(0.9, turn + a), turn + a, 2.1, 0.25)
                self.bloom(pen, rng, at, 3.0, turn, k)
                for s in (-1, 1):
                    self.comma(
                        pen,
                        at + polar(2.6, turn + 0.25 + 0.07 * s),
                        turn - 0.25 + 0.3 * s,
                        1.0,
                        self.gold,
                        s,
                    )
                foot = place([7.2j, 21j], at, turn)
                for i in range(9):  # a twig up the handle
                    p = foot[0] + (foot[1] - foot[0]) * i / 8
                    self.leaf(pen, rng, p, turn - 0.25 + (0.12 if i % 2 else -0.12), 1.15, 0.2)
                    pen.disc(p, 0.15, self.blooms[i % 3].rgb)

        self.painted(sheet, rng, sheet.area(*ground), decorate)
        body = sheet.blur(sheet.mask, 0.45)
        step = max(1, round(sheet.px(0.35)))
        sheet.shade(texture.relief(body, 0.9, step, step * 0.5))
        hollow = sheet.grey(lambda pen: [pen.fill(place(o, 0), 60) for o in ground], 200)
        sheet.shade(texture.relief(sheet.blur(hollow, 0.5), 0.6, step, step * 0.5))
        for at, _, outline in bowls:
            self.varnish(sheet, sheet.area(outline), at - 1.6 - 4.4j, 4.2, 0.4)

    # Words --------------------------------------------------------------------------------------
    def _flower_words(self):
        tr, en = flora.NAMES[self.flower]
        return ("çiçek", "flowers") if self.flower == "rosette" else (tr, en)

    def title(self):
        a, b = FORMS[self.form]
        tr, en = self._flower_words()
        if self.form == "spoons":
            return {"tr": cap(f"{tr} bezemeli tahta kaşıklar"), "en": f"Wooden spoons with {en}"}
        return {"tr": cap(f"{tr} bezemeli {a}"), "en": f"{cap(b, 'en')} with {en}"}

    def materials(self):
        return {
            "tr": "ıhlamur ağacı, akrilik boya, vernik",
            "en": "limewood, acrylic paint, varnish",
        }

    def alt(self, view):
        tr, en = self._flower_words()
        c_tr, c_en = listing(self.blooms, "tr"), listing(self.blooms, "en")
        ground = self.colour
        if view == "detail":
            return {
                "tr": f"Boyamanın yakından görünüşü: {ground.tr} zemin üzerinde {c_tr} fırça darbeleriyle "
                "açıktan koyuya dönen taç yapraklar, verniğin parlaklığı",
                "en": f"Close view of the painting: petals in {c_en} brush strokes from dark to pale on a "
                f"{ground.en} ground, the varnish shining",
            }
        a, b = FORMS[self.form]
        where = {
            "oval tray": (
                "ortada dal dal çiçek demeti, çevresinde altın sarısı noktalar",
                "a garland in the middle, gold dots around it",
            ),
            "tray": (
                "ortada çiçek demeti, köşelerde altın sarısı fırça kıvrımları",
                "a garland in the middle, gold brush curls in the corners",
            ),
            "box": (
                "kapağında iki çiçek demeti, çevresinde altın sarısı noktalar",
                "two garlands on the lid, gold dots around them",
            ),
            "spoons": (
                "kepçelerinde birer çiçek, saplarında ince dallar",
                "one flower in each bowl and twigs up the handles",
            ),
            "plate": (
                "ortada çiçek demeti, kenarda sekiz çiçekli çelenk",
                "a garland in the middle and eight blossoms round the rim",
            ),
        }[self.form]
        return {
            "tr": f"{cap(ground.tr)} zeminli, {c_tr} {tr} boyalı {a}; {where[0]}",
            "en": f"Painted wood: {b}, {ground.en} ground with {en} in {c_en}; {where[1]}",
        }
