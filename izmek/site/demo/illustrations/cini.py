"""Çini: underglaze painting on white, as a plate, a star-and-cross panel or a tile panel."""

import cmath

from PIL import Image, ImageDraw, ImageFilter

from . import colour, flora, shapes, studio, texture
from .colour import dark, light, listing, vary
from .flora import set_at
from .piece import Piece
from .shapes import circle, place, polar, rect, ribbon, spline, star
from .sheet import Sheet
from .words import cap

C = colour
WHITE = (243, 244, 240)
LINE = (24, 36, 74)  # the dark contour (tahrir)


class Cini(Piece):
    slug = "cini"
    name = {"tr": "Çini", "en": "Tile decoration (çini)"}
    frames = ((1, 1), (4, 5), (1, 1), (4, 5))
    grounds = (studio.OAT, studio.LINEN, studio.CLAY, studio.OAK, studio.SAND)
    margin = 0.08
    lift = 0.012
    thick = 1.1
    turn = 1.6

    def plan(self, rng):
        self.form = self.pick("form", ("plate", "stars", "panel", "plate", "stars"))
        self.base = C.WHITE
        self.blue, self.second, self.third = self.pick(
            "colours",
            (
                (C.COBALT, C.TURQUOISE, C.TOMATO),
                (C.COBALT, C.TOMATO, C.EMERALD),
                (C.COBALT, C.TURQUOISE, C.EMERALD),
                (C.TURQUOISE, C.COBALT, C.TOMATO),
            ),
        )
        self.flowers = rng.sample(("tulip", "carnation", "rose", "hatai", "hyacinth"), 3)
        self.rim = self.pick("rim", ("waves", "blossoms", "scales"))
        self.petals = rng.choice((5, 6, 8))
        if self.form == "plate":
            self.width = self.height = rng.choice((25, 30, 32))
            self.frame = rng.choice(((1, 1), (4, 5)))
            self.round = self.seed % 4 == 1
            self.base = self.pick("ground", (C.COBALT, C.TURQUOISE, *[C.WHITE] * 5))
            if self.base is not C.WHITE:  # white flowers on a coloured ground
                self.blue, self.second, self.third = C.WHITE, C.TURQUOISE, C.TOMATO
                if self.base is C.TURQUOISE:
                    self.second = C.COBALT
        elif self.form == "stars":
            self.cols, self.rows = rng.choice(((3, 3), (2, 2), (3, 4)))
            self.unit = rng.choice((12, 14))
            self.width, self.height = self.cols * self.unit, self.rows * self.unit
            self.margin = 0.05
            self.pair = rng.sample(("tulips", "hatai", "carnations", "rumi", "rose"), 2)
            self.ground_colour = rng.choice((C.COBALT, C.TURQUOISE, C.TEAL, C.NAVY, C.TURQUOISE))
        else:
            self.cols, self.rows = rng.choice(((2, 2), (3, 3), (2, 3)))
            self.unit = 20
            self.width, self.height = self.cols * self.unit, self.rows * self.unit

    def focus(self, rng):
        if self.form == "plate":
            return polar(self.width * 0.2, rng.random()), self.width * 0.5
        return complex(0, 0) + polar(self.unit * 0.3, rng.random()), self.unit * 1.35

    # Painting parts -----------------------------------------------------------------------------
    def inks(self, first, second):
        return {
            "petal": first.rgb,
            "second": second.rgb,
            "heart": WHITE,
            "leaf": self.leaf.rgb,
            "stem": dark(self.blue.rgb, 0.25),
        }

    @property
    def leaf(self):
        green = C.EMERALD in (self.second, self.third) or self.base is C.TURQUOISE
        return C.EMERALD if green else C.TURQUOISE

    def parts(self, pen, parts, inks, contour, rng):
        """Contour first, then the colour a little inside it, pooled darker at the root."""
        for p in parts:
            c = vary(rng, inks[p.role], 6)
            pen.fill(p.outline, c)
            if p.role in ("petal", "second", "leaf"):
                pool = [p.root + (q - p.root) * 0.62 for q in p.outline]
                pen.fill(pool, dark(c, 0.13))
            pen.line(p.outline, contour, LINE, closed=True)

    def stem(self, pen, path, width):
        green = dark(C.EMERALD.rgb, 0.35) if self.base is not C.COBALT else self.leaf.rgb
        pen.fill(ribbon(path, lambda t: width * (1.25 - 0.5 * t)), green)

    # Forms --------------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        getattr(self, f"_{self.form}")(sheet, rng)
        speck = texture.noise(rng, sheet.size, max(1, sheet.px(0.06)))
        sheet.shade(speck, 0.05)
        sheet.shade(texture.cloudy(rng, sheet.size, sheet.px(2.5, 8), 2), 0.07)

    def glaze(self, sheet, rng, mask, amount=0.5):
        """The window mirrored in the glaze, and small sharp lights."""
        w, h = sheet.size
        small = Image.new("L", (w // 4, h // 4), 0)
        d = ImageDraw.Draw(small)
        s = sheet.scale / 4
        ox = (-self.width * 0.3 - sheet.window[0]) * s
        oy = (-self.height * 0.34 - sheet.window[1]) * s
        u = self.width * s
        for k in range(2):
            x = ox + k * u * 0.125
            d.polygon(
                [
                    (x, oy),
                    (x + u * 0.1, oy - u * 0.04),
                    (x + u * 0.06, oy + u * 0.2),
                    (x - u * 0.05, oy + u * 0.25),
                ],
                fill=255,
            )
        small = small.filter(ImageFilter.GaussianBlur(max(1, u * 0.014)))
        glare = small.resize(sheet.size, Image.Resampling.BILINEAR)
        ripple = texture.cloudy(rng, sheet.size, sheet.px(1.6, 6), 2)
        glare = Image.composite(glare, Image.new("L", sheet.size, 0), ripple)
        sheet.rgb = studio.gloss(sheet.rgb, mask, glare, amount)

    def _plate(self, sheet, rng):
        r = self.width / 2
        sheet.rgb.paste(self.base.rgb if self.base is not C.WHITE else WHITE, (0, 0, *sheet.size))
        contour = max(0.09, r * 0.006)
        with sheet.over() as pen:
            self._rim(pen, rng, r, contour)
            self._bouquet(pen, rng, r * 0.7, contour)
        sheet.mask = sheet.area(circle(0, r, 180))
        well = sheet.grey(
            lambda pen: [
                pen.disc(0, r * k, v) for k, v in ((1, 200), (0.985, 170), (0.76, 150), (0.72, 90))
            ],
            230,
        )
        well = sheet.blur(well, r * 0.035)
        step = max(2, round(sheet.px(r * 0.02)))
        sheet.shade(texture.relief(well, 1.1, step, step / 2))
        self.glaze(sheet, rng, sheet.mask, 0.55)

    def _rim(self, pen, rng, r, contour):
        blue = self.blue.rgb
        n = 24
        for ring in (0.985, 0.745):
            pen.line(circle(0, r * ring, 160), contour * 1.4, blue, closed=True)
        if self.rim == "waves":
            for i in range(n):
                a = i / n
                curl = spline(
                    [
                        polar(r * k, a + d / n)
                        for k, d in (
                            (0.77, 0),
                            (0.86, 0.05),
                            (0.94, 0.35),
                            (0.93, 0.7),
                            (0.86, 0.72),
                            (0.86, 0.5),
                        )
                    ]
                )
                pen.fill(ribbon(curl, lambda t: r * 0.05 * (1 - 0.7 * t)), blue)
                if i % 2:
                    for k in (0.78, 0.83):
                        pen.disc(polar(r * k, a + 0.6 / n), r * 0.018, self.second.rgb)
        elif self.rim == "blossoms":
            n = 16
            for i in range(n):
                a = i / n
                at = polar(r * 0.865, a)
                if i % 2:
                    self.parts(
                        pen,
                        set_at(flora.rosette(6, 2), at, a, r * 0.19),
                        self.inks(self.third, self.second),
                        contour * 0.8,
                        rng,
                    )
                else:
                    for s in (-1, 1):
                        leaf = place(shapes.leaf(r * 0.15, r * 0.06, 0.4 * s), at, a + 0.25 * s)
                        pen.fill(leaf, blue)
                        pen.line(leaf, contour * 0.7, LINE, closed=True)
                    pen.disc(at, r * 0.03, self.second.rgb)
        else:
            for row, k in enumerate((0.955, 0.89, 0.825, 0.765)):
                m = 48
                for i in range(m):
                    at = polar(r * k, (i + row % 2 / 2) / m)
                    pen.disc(at, r * 0.042, LINE)
                    pen.disc(at, r * 0.036, WHITE)
                    pen.disc(at, r * 0.026, blue if row % 2 else self.second.rgb)

    def _bouquet(self, pen, rng, r, contour):
        """A spray from a tuft of leaves, or flowers set round a rosette."""
        pairs = [(self.third, self.blue), (self.blue, self.second), (self.second, self.third)]
        kinds = self.flowers

        def bloom(kind, at, lean, size, inks):
            size *= r * (1.2 if kind in flora.FROM_ABOVE else 1)
            self.parts(
                pen, set_at(flora.FLOWERS[kind](), at, lean, size), self.inks(*inks), contour, rng
            )

        def leaf(at, lean, size, bend):
            self.parts(
                pen,
                set_at(flora.saz(7, bend), at, lean, size * r),
                self.inks(self.blue, self.second),
                contour,
                rng,
            )

        if self.round:
            n = self.petals
            for i in range(n):
                a = i / n
                leaf(polar(r * 0.2, a + 0.5 / n), a + 0.5 / n + 0.25, 0.6, 0.3)
                leaf(polar(r * 0.5, a + 0.5 / n), a + 0.5 / n + 0.19, 0.36, -0.3)
                at = polar(r * (0.62 if kinds[0] in flora.FROM_ABOVE else 0.3), a)
                bloom(kinds[0], at, a + 0.25, 0.42 if n < 8 else 0.36, pairs[i % 2])
                bloom("bud", polar(r * 0.76, a), a + 0.25, 0.2, pairs[1 - i % 2])
            bloom("rose" if kinds[0] != "rose" else "rosette", 0, 0, 0.6, pairs[2])
            return
        foot = complex(0, r * 0.86)
        heads = [
            (-0.46j, 0.46),
            (-0.4 - 0.38j, 0.36),
            (0.4 - 0.38j, 0.36),
            (-0.3 + 0.06j, 0.34),
            (0.3 + 0.06j, 0.34),
            (-0.72 - 0.02j, 0.28),
            (0.72 - 0.02j, 0.28),
            (-0.62 + 0.42j, 0.25),
            (0.62 + 0.42j, 0.25),
            (0.06 + 0.1j, 0.24),
        ]
        blooms = []
        for i, (at, size) in enumerate(heads):
            at = at * r + complex(rng.uniform(-0.03, 0.03), rng.uniform(-0.03, 0.03)) * r
            kind = "bud" if i == 9 else kinds[(i + 1) // 2 % len(kinds)]
            side = at.real / r
            path = shapes.bezier(
                foot, foot - r * complex(-side * 0.1, 0.5), at + r * complex(-side * 0.3, 0.35), at
            )
            self.stem(pen, path, r * 0.02)
            for k in (6, 10):
                for s in (-1, 1):
                    small = set_at(
                        flora.plain_leaf(0.3 * s, 0.28), path[k], side * 0.1 + 0.13 * s, r * 0.12
                    )
                    self.parts(pen, small, self.inks(self.blue, self.second), contour * 0.7, rng)
            blooms.append((kind, at, side * 0.16, size, pairs[(i + 1) // 2 % 3]))
        for s in (-1, 1):
            leaf(foot, 0.21 * s, 0.74, 0.3 * s)
            leaf(foot, 0.13 * s, 0.66, -0.3 * s)
        for b in blooms:
            bloom(*b)

    def _stars(self, sheet, rng):
        u = self.unit
        x0, y0 = -self.width / 2, -self.height / 2
        joint = (205, 196, 180)
        sheet.rgb.paste(joint, (0, 0, *sheet.size))
        sheet.mask = sheet.area(rect(x0, y0, -x0, -y0))
        gap = 0.18
        corner = u * 0.5
        inner = corner * 0.765  # an eight-pointed star made of two squares
        stars, crosses = [], []
        for j in range(self.rows):
            for i in range(self.cols):
                at = complex(x0 + (i + 0.5) * u, y0 + (j + 0.5) * u)
                stars.append((at, star(at, corner - gap / 2, inner - gap * 0.38, 8)))
        for j in range(self.rows + 1):
            for i in range(self.cols + 1):
                crosses.append(complex(x0 + i * u, y0 + j * u))
        contour = max(0.07, u * 0.007)
        base = self.ground_colour.rgb
        with sheet.over() as pen:
            for at in crosses:
                tone = vary(rng, base, 9)
                pen.fill(self._cross(at, u, corner, inner, gap), tone)
                for q in range(4):
                    for s in (0, 1):
                        shape = [
                            flora.Part(shapes.flip(p.outline) if s else p.outline, p.role, 0, 0)
                            for p in flora.rumi()
                        ]
                        for p in set_at(shape, at + polar(u * 0.06, q / 4 - 0.25), q / 4, u * 0.27):
                            pen.fill(
                                p.outline,
                                light(tone, 0.55) if p.role == "petal" else dark(tone, 0.4),
                            )
                pen.disc(at, u * 0.055, dark(tone, 0.5))
                pen.disc(at, u * 0.035, light(tone, 0.7))
            for k, (at, outline) in enumerate(stars):
                tone = vary(rng, WHITE, 4)
                pen.fill(outline, tone)
                self._star(pen, rng, at, u, k, contour)
        whole = sheet.grey(
            lambda pen: (
                [pen.fill(o, 255) for _, o in stars]
                + [pen.fill(self._cross(at, u, corner, inner, gap), 255) for at in crosses]
            )
        )
        self._tilt(sheet, rng, [o for _, o in stars])
        bevel = texture.relief(sheet.blur(whole, 0.12), 0.7, max(1, round(sheet.px(0.09))), 0.6)
        sheet.shade(bevel)
        self.glaze(sheet, rng, whole, 0.42)

    def _cross(self, at, u, corner, inner, gap):
        """What four stars leave between them: a cross with pointed arms."""
        ring = {}
        for q in range(4):
            middle = (1 + 1j) * u / 2 * 1j**q  # of a neighbouring star
            for p in star(middle, corner, inner, 8):
                if max(abs(p.real), abs(p.imag)) <= u / 2 + 1e-6:
                    ring[round(p.real, 4), round(p.imag, 4)] = p
        around = sorted(ring.values(), key=cmath.phase)
        return [at + p * (1 - gap * 0.7 / abs(p)) for p in around]

    def _star(self, pen, rng, at, u, k, contour):
        blue, second, third = self.blue, self.second, self.third
        pen.line(star(at, u * 0.465, u * 0.355, 8), contour * 2.2, blue.rgb, closed=True)
        kind = self.pair[k % 2]

        def ring(parts, i, start, size, inks, of=8):
            self.parts(
                pen,
                set_at(parts, at + polar(u * start, i / of - 0.25), i / of, u * size),
                inks,
                contour,
                rng,
            )

        def heart(parts, size, inks):
            self.parts(pen, set_at(parts, at, 0, u * size), inks, contour, rng)

        if kind == "tulips":
            for i in range(8):
                if i % 2:
                    ring(flora.plain_leaf(0.2, 0.34), i, 0.09, 0.27, self.inks(blue, second))
                else:
                    ring(
                        flora.tulip(),
                        i,
                        0.09,
                        0.29,
                        self.inks(third if i % 4 == 0 else blue, second),
                    )
            heart(flora.rosette(self.petals, 2), 0.24, self.inks(second, third))
        elif kind == "hatai":
            for i in range(8):
                if i % 2:
                    ring(flora.hatai(), i, 0.13, 0.24, self.inks(blue, third))
                else:
                    ring(flora.plain_leaf(0, 0.3), i, 0.13, 0.3, self.inks(blue, third))
            heart(flora.rosette(8, 2), 0.34, self.inks(third, blue))
        elif kind == "carnations":
            for i in range(8):
                if i % 2:
                    ring(flora.saz(6, 0.2), i, 0.1, 0.27, self.inks(blue, second))
                else:
                    ring(flora.carnation(7), i, 0.1, 0.25, self.inks(third, second))
            heart(flora.rosette(6, 2), 0.26, self.inks(blue, second))
        elif kind == "rumi":
            for i in range(8):
                ring(flora.rumi(), i, 0.12, 0.26, self.inks(blue if i % 2 else second, third))
            heart(flora.rosette(8, 3), 0.32, self.inks(third, blue))
        else:  # a six-petalled rose in a ring of buds
            for i in range(8):
                ring(flora.bud(), i, 0.24, 0.17, self.inks(third if i % 2 else second, blue))
                ring(flora.plain_leaf(0.3, 0.3), i + 0.5, 0.2, 0.13, self.inks(blue, blue))
            heart(flora.rose(), 0.46, self.inks(blue, second))

    def _tilt(self, sheet, rng, outlines):
        """No two tiles lie quite level: each is a shade lighter or darker."""
        tilt = sheet.grey(lambda pen: [pen.fill(o, rng.randint(108, 148)) for o in outlines], 128)
        sheet.shade(tilt, 0.5)

    def _panel(self, sheet, rng):
        u = self.unit
        x0, y0 = -self.width / 2, -self.height / 2
        sheet.rgb.paste((206, 198, 184), (0, 0, *sheet.size))
        sheet.mask = sheet.area(rect(x0, y0, -x0, -y0))
        cells = [
            (complex(x0 + (i + 0.5) * u, y0 + (j + 0.5) * u))
            for j in range(self.rows)
            for i in range(self.cols)
        ]
        tiles = [
            rect(
                c.real - u / 2 + 0.07,
                c.imag - u / 2 + 0.07,
                c.real + u / 2 - 0.07,
                c.imag + u / 2 - 0.07,
            )
            for c in cells
        ]
        contour = u * 0.006
        first, second = flora.FLOWERS[self.flowers[0]], flora.FLOWERS[self.flowers[1]]
        with sheet.over() as pen:
            for t in tiles:
                pen.fill(t, vary(rng, WHITE, 4))

            def set_(kind, at, turn, size, inks):
                self.parts(pen, set_at(kind(), at, turn, u * size), inks, contour, rng)

            for c in cells:  # the pattern runs on over the joints from tile to tile
                for q in range(4):
                    for s in (-1, 1):
                        path = shapes.bezier(
                            *(
                                c + polar(u * r, q / 4 + 0.125 + s * d)
                                for r, d in ((0.15, 0), (0.3, 0.09), (0.45, 0.09), (0.56, 0.01))
                            )
                        )
                        pen.fill(ribbon(path, u * 0.014), dark(C.EMERALD.rgb, 0.3))
                        set_(
                            lambda s=s: flora.saz(6, 0.3 * s),
                            path[9],
                            q / 4 + 0.375 + s * 0.06,
                            0.2,
                            self.inks(self.blue, self.second),
                        )
                    set_(
                        first,
                        c + polar(u * 0.14, q / 4),
                        q / 4 + 0.25,
                        0.25,
                        self.inks(self.third, self.blue),
                    )
                    set_(
                        second,
                        c + polar(u * 0.16, q / 4 + 0.125),
                        q / 4 + 0.375,
                        0.2,
                        self.inks(self.blue, self.third),
                    )
                set_(lambda: flora.rosette(8, 3), c, 0, 0.34, self.inks(self.second, self.blue))
            for j in range(self.rows + 1):
                for i in range(self.cols + 1):
                    c = complex(x0 + i * u, y0 + j * u)
                    for q in range(8):
                        set_(
                            flora.bud,
                            c + polar(u * 0.1, q / 8),
                            q / 8 + 0.25,
                            0.13,
                            self.inks(self.third if q % 2 else self.blue, self.second),
                        )
                    set_(flora.rose, c, 0, 0.26, self.inks(self.third, self.second))
            for t in tiles:
                pen.line(t, 0.14, (214, 208, 196), closed=True)
        whole = sheet.area(*tiles)
        self._tilt(sheet, rng, tiles)
        sheet.shade(texture.relief(sheet.blur(whole, 0.1), 0.6, max(1, round(sheet.px(0.08))), 0.6))
        self.glaze(sheet, rng, whole, 0.4)

    # Words --------------------------------------------------------------------------------------
    def title(self):
        (a, a_en), (b, b_en) = (flora.NAMES[f] for f in self.flowers[:2])
        return {
            "plate": {
                "tr": cap(f"{a} ve {b} desenli tabak"),
                "en": f"Plate with {a_en} and {b_en}",
            },
            "stars": {"tr": "Yıldız ve haçvari karolu pano", "en": "Star-and-cross tile panel"},
            "panel": {"tr": cap(f"{a} bezemeli ulama karo"), "en": f"Repeating tiles with {a_en}"},
        }[self.form]

    def materials(self):
        return {
            "tr": "çini hamuru, sır altı boya, saydam sır",
            "en": "fritware, underglaze colours, clear glaze",
        }

    def alt(self, view):
        tr = listing((self.blue, self.second, self.third), "tr")
        en = listing((self.blue, self.second, self.third), "en")
        (a, a_en), (b, b_en) = (flora.NAMES[f] for f in self.flowers[:2])
        if view == "detail":
            return {
                "tr": f"Çininin yakından görünüşü: {self.base.tr} zemin üzerine {tr} boyanmış bezeme, "
                "koyu lacivert tahrir çizgileri, sırda ışık yansıması",
                "en": f"Close view of the tilework: ornament painted in {en} on {self.base.en}, with dark "
                "blue outlines and light on the glaze",
            }
        if self.form == "stars":
            cross = self.ground_colour
            return {
                "tr": f"{cap(cross.tr)} haçvari karoların arasında sekiz köşeli beyaz yıldız çiniler; "
                f"yıldızların içinde {tr} çiçek bezemeler",
                "en": f"White eight-pointed star tiles between {cross.en} crosses; flower "
                f"ornament in {en} inside the stars",
            }
        if self.form == "panel":
            n = self.cols * self.rows
            return {
                "tr": f"{NUMBER_TR[n]} kare karodan pano; beyaz zeminde {tr} {a} ve {b} "
                "motifleri, desen karodan karoya sürüyor",
                "en": f"Panel of {NUMBER_EN[n]} square tiles; {a_en} and {b_en} in {en} on "
                "white, the pattern running on from tile to tile",
            }
        rim = {
            "waves": ("kenarında dalga bordürü", "a wave border on the rim"),
            "blossoms": ("kenarında çiçek ve yaprak dizisi", "blossoms and leaves round the rim"),
            "scales": ("kenarında sık benek dizileri", "rows of dense dots round the rim"),
        }[self.rim]
        way = (
            ("göbekten çevreye açılan", "set round the centre")
            if self.round
            else ("dipten yelpaze gibi açılan", "fanning out from the foot")
        )
        return {
            "tr": f"{cap(self.base.tr)} zemin üzerine {tr} boyalı yuvarlak çini tabak; "
            f"{way[0]} {a} ve {b}, {rim[0]}",
            "en": f"Round çini plate, {self.base.en} ground painted in {en}; "
            f"{a_en} and {b_en} {way[1]}, {rim[1]}",
        }


NUMBER_TR = {4: "Dört", 6: "Altı", 9: "Dokuz"}
NUMBER_EN = {4: "four", 6: "six", 9: "nine"}
