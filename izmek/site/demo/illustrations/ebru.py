"""Ebru: colours dropped on thickened water, drawn with a comb or a needle, lifted with paper."""

import math

from . import colour, shapes, studio, texture
from .colour import listing, vary
from .piece import Piece
from .shapes import bezier, place, polar, rect, ribbon, spline
from .sheet import Sheet
from .words import cap

C = colour
PALETTES = (
    (C.INDIGO, C.SKY, C.IVORY, C.OCHRE),
    (C.MADDER, C.PEACH, C.IVORY, C.WALNUT),
    (C.FOREST, C.MINT, C.IVORY, C.SAFFRON),
    (C.TEAL, C.TURQUOISE, C.WHITE, C.ORANGE),
    (C.AUBERGINE, C.LILAC, C.IVORY, C.ROSE),
    (C.NAVY, C.TURQUOISE, C.IVORY, C.TOMATO),
    (C.WALNUT, C.CAMEL, C.IVORY, C.BRICK),
    (C.BURGUNDY, C.ROSE, C.IVORY, C.OLIVE),
)
FLOWERS = {
    "tulip": ("lale", "tulip"),
    "carnation": ("karanfil", "carnation"),
    "daisy": ("papatya", "daisy"),
}
STYLES = {
    "battal": ("battal", "battal (stone)"),
    "gelgit": ("gelgit", "gelgit (back-and-forth)"),
    "taraklı": ("taraklı", "combed"),
    "bülbül yuvası": ("bülbül yuvası", "nightingale's-nest"),
    "çiçekli": ("çiçekli", "flower"),
}


class Ebru(Piece):
    slug = "ebru"
    name = {"tr": "Ebru", "en": "Paper marbling (ebru)"}
    frames = ((4, 5), (3, 4), (5, 4), (1, 1))
    grounds = (studio.LINEN, studio.CHALK, studio.CLAY, studio.SAGE, studio.DUSK)
    margin = 0.07
    lift = 0.004
    depth = 0.5
    thick = 0.3
    turn = 1.6

    def plan(self, rng):
        self.style = self.pick(
            "style", ("battal", "gelgit", "taraklı", "bülbül yuvası", "çiçekli", "çiçekli")
        )
        self.inks = self.pick("inks", PALETTES)
        self.flower = rng.choice(sorted(FLOWERS))
        self.bloom = rng.choice((C.TOMATO, C.SAFFRON, C.FUCHSIA, C.ORANGE, C.VIOLET, C.BURGUNDY))
        self.stems = rng.choice((1, 2, 3))
        self.comb = rng.choice((0.9, 1.2, 1.6))  # cm between the teeth
        w, h = self.frame
        self.width, self.height = (35, 25) if w > h else (33, 33) if w == h else (25, 35)
        self.border = 2.6

    def focus(self, rng):
        if self.style == "çiçekli":
            return complex(rng.uniform(-1, 1), -self.height * 0.16), self.width * 0.5
        return complex(
            rng.uniform(-0.15, 0.15) * self.width, rng.uniform(-0.15, 0.15) * self.height
        ), (self.width * 0.42)

    # On the water -------------------------------------------------------------------------------
    def drops(self, rng):
        """Every drop pushes the earlier ones aside without changing their area."""
        w, h = self.width, self.height
        r0 = math.sqrt(w * h)
        big, mid, pale, accent = self.inks
        rounds = [
            (45, 0.06, mid),
            (40, 0.05, accent),
            (48, 0.055, pale),
            (42, 0.06, big),
            (24, 0.04, mid),
            (46, 0.02, pale),
        ]
        if self.style == "çiçekli":
            rounds = [(50, 0.05, mid), (46, 0.04, big), (90, 0.045, pale), (50, 0.022, mid)]
        floating = []
        for count, size, ink in rounds:
            for _ in range(count):
                at = complex(rng.uniform(-w * 0.54, w * 0.54), rng.uniform(-h * 0.54, h * 0.54))
                r = r0 * size * rng.uniform(0.45, 1.2)
                rr = r * r
                floating = [
                    (
                        [
                            at
                            + (d := p - at)
                            * math.sqrt(1 + rr / (d.real * d.real + d.imag * d.imag + 1e-9))
                            for p in shape
                        ],
                        c,
                    )
                    for shape, c in floating
                ]
                tone = vary(rng, ink.rgb, 7)
                if self.style == "çiçekli":  # a quiet ground lets the flower speak
                    tone = colour.light(tone, 0.5)
                floating.append((shapes.circle(at, r, 16 + int(r * 5)), tone))
        return floating

    def drawn(self):
        """Where the comb and the stylus have carried what was at (x, y): a map from the finished
        sheet back to the dropped colours, in cm."""
        a = self.comb
        w, h = self.width, self.height

        def gelgit(x, y, reach=2.4, step=2.6):
            return x, y + reach * math.sin(math.pi * x / step)

        def rake(x, y, reach, step):
            """Fine teeth drawn upwards: the colour is pulled along near each tooth."""
            t = (x / step) % 1 - 0.5
            return x, y + reach * (math.exp(-abs(t) * 5) - 0.35)

        if self.style == "gelgit":
            return lambda x, y: gelgit(x, y + 0.25 * math.sin(y), 2.8, 2.4)
        if self.style == "taraklı":

            def combed(x, y):
                x, y = rake(x, y, 1.6 * a, a)
                y, x = gelgit(y, x, 2.2, 2 * a)
                return x, y

            return combed
        if self.style == "bülbül yuvası":
            cols, rows = round(w / 6.2), round(h / 6.2)
            u, v = w / cols, h / rows

            def nests(x, y):
                gx, gy = (x + w / 2) / u, (y + h / 2) / v
                cx, cy = (math.floor(gx) + 0.5) * u - w / 2, (math.floor(gy) + 0.5) * v - h / 2
                dx, dy = x - cx, y - cy
                r = math.hypot(dx, dy) / (min(u, v) / 2)
                if r >= 1.25:
                    return x, y
                t = 6.5 * max(0, 1 - r / 1.25) ** 1.5
                c, s = math.cos(t), math.sin(t)
                return cx + dx * c - dy * s, cy + dx * s + dy * c

            return nests
        return None

    def paint(self, sheet: Sheet, rng):
        w, h, b = self.width / 2, self.height / 2, self.border
        # The same water for every view: the drops belong to the seed, not to the picture
        floating = self.drops(type(rng)(f"{self.slug}:{self.seed}:water"))
        tank = self.inks[0].rgb if self.style != "çiçekli" else colour.light(self.inks[0].rgb, 0.5)
        sheet.rgb.paste(tank, (0, 0, *sheet.size))
        back = self.drawn()
        if back is None:
            with sheet.over() as pen:
                for shape, c in floating:
                    pen.fill(shape, c)
                if self.style == "çiçekli":
                    self._flowers(pen, rng)
        else:
            self._combed(sheet, floating, back)
        self._pigment(sheet, rng)
        paper = (246, 242, 232)
        outside = sheet.grey(lambda pen: pen.fill(rect(-w + b, -h + b, w - b, h - b), 0), 255)
        sheet.lay(paper, outside)
        sheet.shade(texture.noise(rng, sheet.size, max(1, sheet.px(0.03))), 0.06)
        sheet.shade(texture.cloudy(rng, sheet.size, sheet.px(0.5, 3), 2), 0.03)
        inner = texture.relief(sheet.blur(outside, 0.04), 0.25, 1)
        sheet.shade(inner)
        sheet.mask = sheet.area(rect(-w, -h, w, h))

    def _combed(self, sheet, floating, back):
        """Draw the drops on a sheet with room around, then bend it as the comb did."""
        x0, y0, x1, y1 = sheet.window
        room = 5.0
        water = Sheet((x0 - room, y0 - room, x1 + room, y1 + room), sheet.scale, self.inks[0].rgb)
        with water.over() as pen:
            for shape, c in floating:
                pen.fill(shape, c)
        s = sheet.scale
        step = max(3, round(min(self.comb / 7, 0.16) * s))

        def source(x, y):
            u, v = back(x0 + x / s, y0 + y / s)
            return (u - x0 + room) * s, (v - y0 + room) * s

        patches = (min(160, -(-side // step)) for side in sheet.size)
        (sheet.rgb,) = studio.warp([water.rgb], sheet.size, source, *patches)

    def _pigment(self, sheet, rng):
        """Ground earth and ox gall: paler and denser patches, grains, a lighter rim to each drop."""
        sheet.shade(texture.cloudy(rng, sheet.size, sheet.px(1.2, 6), 3), 0.12)
        sheet.shade(texture.noise(rng, sheet.size, max(1, sheet.px(0.05))), 0.1)

    def _flowers(self, pen, rng):
        w, h = self.width, self.height
        n = self.stems
        for i in range(n):
            x = (i - (n - 1) / 2) * w * 0.24
            tall = h * (0.42 if n == 1 else 0.36 + 0.08 * ((i + self.seed) % 2))
            foot = complex(x * 0.5, h * 0.37)
            head = complex(x + rng.uniform(-0.6, 0.6), foot.imag - tall)
            path = bezier(
                foot, foot - 0.35j * tall, head + 0.4j * tall + rng.uniform(-1.5, 1.5), head, 20
            )
            green = vary(rng, C.FOREST.rgb, 10)
            pen.fill(ribbon(path, lambda t: 0.42 - 0.2 * t), green)
            for side, k in ((-1, 3), (1, 7)) if n > 1 else ((-1, 2), (1, 6), (-1, 10)):
                blade = bezier(
                    path[k],
                    path[k] + complex(2.4 * side, -1.5),
                    path[k] + complex(3.4 * side, -5),
                    path[k] + complex(2.2 * side, -7.2),
                    18,
                )
                for wide, c in (
                    (1.25, green),
                    (0.75, vary(rng, C.LEAF.rgb, 10)),
                    (0.22, C.MINT.rgb),
                ):
                    pen.fill(
                        ribbon(blade, lambda t, m=wide: m * math.sin(math.pi * t**0.7) ** 0.8), c
                    )
            size = h * (0.22 if n == 1 else 0.17)
            getattr(self, f"_{self.flower}")(pen, rng, head, size, (head - path[-4]))

    def _layers(self):
        c = self.bloom.rgb
        return (colour.dark(c, 0.28), c, colour.light(c, 0.35), colour.light(c, 0.65))

    def _tulip(self, pen, rng, at, size, way):
        turn = math.atan2(way.imag, way.real) / math.tau + 0.25
        outer = spline(
            [
                0.06j,
                -0.34 - 0.12j,
                -0.44 - 0.5j,
                -0.36 - 0.86j,
                -0.42 - 1.18j,
                -0.17 - 0.9j,
                -1.22j,
                0.17 - 0.9j,
                0.42 - 1.18j,
                0.36 - 0.86j,
                0.44 - 0.5j,
                0.34 - 0.12j,
            ],
            closed=True,
        )
        for k, c in zip((1, 0.84, 0.62, 0.36), self._layers(), strict=True):
            pen.fill(
                place(
                    [complex(p.real * k, (p.imag + 0.35) * k - 0.35) for p in outer],
                    at,
                    turn,
                    size * 0.8,
                ),
                c,
            )
        for s in (-1, 1):  # the needle's two strokes from the rim into the cup
            vein = bezier(-0.16 * s - 0.95j, -0.2 * s - 0.6j, -0.12 * s - 0.3j, -0.02 * s - 0.05j)
            pen.fill(
                place(ribbon(vein, lambda t: 0.055 * (1 - t)), at, turn, size * 0.8),
                self._layers()[0],
            )

    def _carnation(self, pen, rng, at, size, way):
        turn = math.atan2(way.imag, way.real) / math.tau + 0.25
        cup = spline([0.15j, -0.13 - 0.05j, -0.12 - 0.4j, 0.12 - 0.4j, 0.13 - 0.05j], closed=True)
        for k, c in zip((1, 0.82, 0.6, 0.38), self._layers(), strict=True):
            edge = [-0.2j * 1]
            n = 11
            for i in range(2 * n + 1):
                a = -0.25 + 0.52 * (i / (2 * n) - 0.5)
                edge.append(-0.25j + polar(k * (0.85 if i % 2 else 0.58), a))
            pen.fill(place(edge, at, turn, size * 0.85), c)
        pen.fill(place(cup, at, turn, size * 0.85), C.FOREST.rgb)

    def _daisy(self, pen, rng, at, size, way):
        n = 12
        at = at - 0.35j * size
        for k, c in zip((1, 0.86, 0.6, 0.4), self._layers(), strict=True):
            for i in range(n):
                pen.fill(place(shapes.drop(size * 0.6 * k, size * 0.25 * k), at, i / n), c)
        for r, c in ((0.15, C.WALNUT.rgb), (0.12, C.SAFFRON.rgb), (0.06, C.LEMON.rgb)):
            pen.disc(at, size * r, c)

    # Words --------------------------------------------------------------------------------------
    def title(self):
        if self.style == "çiçekli":
            a, b = FLOWERS[self.flower]
            return {"tr": cap(f"{a} ebrusu"), "en": f"Marbled {b}"}
        a, b = STYLES[self.style]
        return {
            "tr": cap(f"{self.inks[0].tr} {a} ebru"),
            "en": f"{cap(b, 'en')} marbling in {self.inks[0].en}",
        }

    def materials(self):
        return {
            "tr": "kâğıt, toprak boya, kitre, öd",
            "en": "paper, earth pigments, tragacanth, ox gall",
        }

    def alt(self, view):
        tr, en = listing(self.inks[:3], "tr"), listing(self.inks[:3], "en")
        if view == "detail":
            move = {
                "battal": (
                    "iç içe itilmiş yuvarlak damlalar ve ince damarlar",
                    "rounded drops pushed into one another and thin veins",
                ),
                "gelgit": (
                    "yukarı aşağı çekilmiş dalgalı boya yolları",
                    "wavy paths drawn up and down",
                ),
                "taraklı": (
                    "tarağın bıraktığı sık ve ince kavisler",
                    "the fine close arches left by the comb",
                ),
                "bülbül yuvası": (
                    "sarmal biçimde dönen ince boya yolları",
                    "thin paths turning in a spiral",
                ),
                "çiçekli": (
                    f"iğneyle çekilmiş {FLOWERS[self.flower][0]} yaprakları ve benekli zemin",
                    f"petals of a {FLOWERS[self.flower][1]} drawn with a needle on a speckled ground",
                ),
            }[self.style]
            return {
                "tr": f"Ebrunun yakından görünüşü: {tr} boyalarda {move[0]}, arada ince boya tanecikleri",
                "en": f"Close view of the marbling in {en}: {move[1]}, with fine grains of pigment",
            }
        if self.style == "çiçekli":
            a, b = FLOWERS[self.flower]
            n = self.stems - 1
            return {
                "tr": f"{cap(tr)} tonlarında soluk damlalı zemin üzerinde {self.bloom.tr} renkte "
                f"{('bir', 'iki', 'üç')[n]} {a}; beyaz kenarlı kâğıt üzerine çiçekli ebru",
                "en": f"Flower marbling on white-edged paper: {('one', 'two', 'three')[n]} "
                f"{self.bloom.en} {b if n == 0 else b[:-1] + 'ies' if b[-1] == 'y' else b + 's'} "
                f"on a pale ground of {en} drops",
            }
        how = {
            "battal": (
                "taş damarı gibi iç içe damlalar",
                "drops crowded together like veined stone",
            ),
            "gelgit": ("bir yukarı bir aşağı dalgalanan çizgiler", "lines that swing up and down"),
            "taraklı": (
                "tarakla çekilmiş sık kavisli sıralar",
                "close arched rows drawn with a comb",
            ),
            "bülbül yuvası": ("sıra sıra sarmal yuvalar", "rows of spiral nests"),
        }[self.style]
        return {
            "tr": f"Beyaz kenarlı kâğıt üzerine {tr} boyalarla {self.style} ebru; {how[0]}",
            "en": f"{cap(STYLES[self.style][1], 'en')} marbling in {en} on "
            f"white-edged paper; {how[1]}",
        }
