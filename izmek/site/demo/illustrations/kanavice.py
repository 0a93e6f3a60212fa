"""Kanaviçe: counted crosses on even-weave cloth, in a hoop, as a cushion or a framed sampler."""

import math

from PIL import Image, ImageDraw

from . import colour, shapes, studio, texture
from .colour import light, listing, vary
from .kilim import MOTIFS
from .piece import Piece
from .shapes import circle, rect
from .sheet import Sheet, spread
from .words import cap

C = colour
CLOTHS = (C.IVORY, C.WHITE, C.WHITE, C.IVORY, C.NAVY, C.CAMEL)
THREADS = (
    (C.RED, C.LEAF, C.ROSE, C.SAFFRON),
    (C.BLUE, C.LEAF, C.SKY, C.LEMON),
    (C.FUCHSIA, C.FOREST, C.ROSE, C.ORANGE),
    (C.VIOLET, C.LEAF, C.LILAC, C.LEMON),
    (C.TOMATO, C.OLIVE, C.PEACH, C.BLUE),
    (C.BURGUNDY, C.FOREST, C.ROSE, C.OCHRE),
)
# R r the flower's two shades, o its heart, L l leaf and stem
PICTURES = {
    "gül": """
......RRRR......
....RRrrrrRR....
...RrrRRRRrrR...
..RrRRrrrrRRrR..
..RrRrrRRrrRrR..
.RrRrrRooRrrRrR.
.RrRrrRooRrrRrR.
..RrRrrRRrrRrR..
..RrRRrrrrRRrR..
...RrrRRRRrrR...
....RRrrrrRR....
..L...RRRR...L..
.LlL...LL...LlL.
LlllL..LL..LlllL
.LllLL.LL.LLllL.
..LLLLLLLLLLLL..
....LL.LL.LL....
.......LL.......
.......LL.......
""",
    "lale": """
..R....R....R..
..RR..RrR..RR..
..RrR.RrR.RrR..
..RrrRRrRRrrR..
..RrrRrrrRrrR..
..RrrRrrrRrrR..
..RrrRrrrRrrR..
...RrRrrrRrR...
...RrRRrRRrR...
....RRRRRRR....
......LLL......
.......L.......
L......L......L
LL.....L.....LL
LlL....L....LlL
LllL...L...LllL
.LllL..L..LllL.
..LllL.L.LllL..
...LllLLLllL...
.....LLLLL.....
.......L.......
""",
    "karanfil": """
....R.R.R.R....
..R.RrRrRrR.R..
..RrRrRrRrRrR..
.R.RrrrrrrrR.R.
.RrrrRrrrRrrrR.
..RrrrRrRrrrR..
...RrrrRrrrR...
....RRrrrRR....
......RRR......
.....LLLLL.....
......LLL......
.......L.......
..LL...L...LL..
.L..L..L..L..L.
LL...L.L.L...LL
.LL..LLLLL..LL.
..LLL..L..LLL..
.......L.......
.......L.......
""",
    "kuş": """
..........RRR......
.........RrorR.....
.........RrrrRoo...
........RRrrR......
.......RrrrrR......
.....RRrrrrrR......
....RrrRRRrrR......
RR.RrrRrrRrrR......
RrRRrRrrRrrR.......
RrrRrRRRrrR........
.RrrrrrrrR.........
..RRRRRRR..........
.....L.L...........
LLLLLLLLLLLLLLLLLLL
..l...lL....l..L...
.lLl...L...lLl.....
""",
}
NAMES = {"gül": "rose", "lale": "tulip", "karanfil": "carnation", "kuş": "bird"}
PLURALS = {"gül": "roses", "lale": "tulips", "karanfil": "carnations", "kuş": "birds"}
FORMS = {
    "hoop": ("ahşap kasnakta", "in a wooden hoop"),
    "cushion": ("kırlent yüzünde", "on a cushion"),
    "frame": ("ahşap çerçevede", "in a wooden frame"),
}


class Kanavice(Piece):
    slug = "kanavice"
    name = {"tr": "Kanaviçe", "en": "Cross-stitch"}
    frames = ((1, 1), (4, 5), (1, 1))
    grounds = (studio.LINEN, studio.CHALK, studio.OAK, studio.SAGE, studio.CLAY, studio.DUSK)
    margin = 0.07
    lift = 0.012
    thick = 0.0
    turn = 2

    def plan(self, rng):
        self.form = self.pick("form", FORMS)
        self.cloth = rng.choice(CLOTHS)
        self.threads = rng.choice(THREADS)
        while self.cloth is C.NAVY and (
            C.BLUE in self.threads or C.FOREST in self.threads or C.VIOLET in self.threads
        ):
            self.threads = rng.choice(THREADS)
        self.picture = self.pick("picture", PICTURES)
        self.border = rng.choice(sorted(MOTIFS))
        self.layout = rng.choice(("single", "four"))
        self.cell = 0.28 if self.form == "hoop" else 0.42
        self.width, self.height, self.frame = {
            "hoop": (26, 28, (4, 5)),
            "cushion": (42, 42, (1, 1)),
            "frame": (44, 44, (1, 1)),
        }[self.form]
        if self.form == "hoop":
            self.layout = "single"

    def focus(self, rng):
        return complex(
            rng.uniform(-0.05, 0.05), rng.uniform(-0.1, 0.05)
        ) * self.width, self.width * 0.34

    # The chart ----------------------------------------------------------------------------------
    def chart(self):
        n = {"hoop": 61, "cushion": 85, "frame": 79}[self.form]
        chart = Image.new("L", (n, n), 0)
        px = chart.load()
        ink = {"R": 1, "L": 2, "r": 3, "l": 5, "o": 4, "X": 1}

        def stamp(rows, cx, cy, inks, grow=1, flip=False):
            for j, row in enumerate(rows):
                row = row[::-1] if flip else row
                for i, c in enumerate(row):
                    if c != ".":
                        for a in range(grow):
                            for b in range(grow):
                                x = cx + (i * grow + a) - len(row) * grow // 2
                                y = cy + (j * grow + b) - len(rows) * grow // 2
                                if 0 <= x < n and 0 <= y < n:
                                    px[x, y] = inks[c]

        rows = PICTURES[self.picture].split()
        alt = ink | {"R": 4, "r": 3, "o": 1}
        mid = n // 2
        if self.layout == "single":
            stamp(rows, mid, mid, ink, 2)
        else:
            gap = 11
            for k, (sx, sy) in enumerate(((-1, -1), (1, -1), (-1, 1), (1, 1))):
                stamp(rows, mid + sx * gap, mid + sy * gap, (ink, alt)[(k in (1, 2))], 1, sx > 0)
        if self.form == "hoop":
            radius = 27
            for k in range(24):  # a ring of small crosses and dots
                a = k / 24 * math.tau
                x, y = round(mid + radius * math.cos(a)), round(mid + radius * math.sin(a))
                for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
                    px[x + dx, y + dy] = (1 if k % 2 else 2) if (dx, dy) != (0, 0) else 4
        else:
            self._band(px, n, stamp)
        return chart, n

    def _band(self, px, n, stamp):
        """Two lines with a row of motifs between them, all round."""
        for d, v in ((3, 1), (19, 1), (4, 3), (18, 3)):
            for i in range(d, n - d):
                for x, y in ((i, d), (i, n - 1 - d), (d, i), (n - 1 - d, i)):
                    px[x, y] = v
        motif = MOTIFS[self.border].split()
        w = len(motif[0]) + 2
        count = (n - 2 * 19) // w + 1
        spread_ = (n - 23) / count
        for k in range(count + 1):
            at = round(11 + k * spread_)
            inks = {"X": 1, "o": 4} if k % 2 == 0 else {"X": 2, "o": 3}
            for x, y in ((at, 11), (at, n - 12), (11, at), (n - 12, at)):
                stamp(motif, x, y, inks)

    # The stitching ------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        cloth = self.cloth.rgb
        sheet.rgb.paste(cloth, (0, 0, *sheet.size))
        chart, n = self.chart()
        half = n * self.cell / 2
        inks = [cloth, *[c.rgb for c in self.threads], light(self.threads[1].rgb, 0.35)]
        coloured = Image.new("RGB", chart.size)
        coloured.putdata(
            [inks[v] if v == 0 else vary(rng, inks[v], 6) for v in chart.get_flattened_data()]
        )
        filled = chart.point([0] + [255] * 255)
        colours = spread(sheet, coloured, -half, -half, half, half)
        where = spread(sheet, filled, -half, -half, half, half)
        pitch = sheet.px(self.cell)
        aida, cross, height = self._tiles(sheet, pitch, half)
        sheet.shade(aida, 0.5)
        sheet.shade(texture.noise(rng, sheet.size, max(1, pitch / 9)), 0.07)
        stitched = Image.new("L", sheet.size, 0)
        stitched.paste(cross, (0, 0), where)
        sheet.shadow(stitched, self.cell * 0.22, 0.55)
        sheet.lay(texture.shade(colours, height, 1), stitched)
        sheet.shade(texture.cloudy(rng, sheet.size, sheet.px(4, 8), 2), 0.06)
        getattr(self, "_" + self.form)(sheet, rng)

    def _tiles(self, sheet, pitch, half):
        """One cell of the cloth, of the cross, and of the cross's relief, stretched to the grid."""
        k = 48
        aida = Image.new("L", (k, k), 90)
        d = ImageDraw.Draw(aida)
        for i in range(2):
            for j in range(2):
                x, y = i * k / 2, j * k / 2
                d.rounded_rectangle((x + 3, y + 3, x + k / 2 - 3, y + k / 2 - 3), 7, fill=160)
                d.rounded_rectangle((x + 6, y + 4, x + k / 2 - 8, y + k / 2 - 8), 5, fill=185)
        d.ellipse((-7, -7, 7, 7), fill=30)
        d.ellipse((k - 7, -7, k + 7, 7), fill=30)
        d.ellipse((-7, k - 7, 7, k + 7), fill=30)
        d.ellipse((k - 7, k - 7, k + 7, k + 7), fill=30)
        cross = Image.new("L", (k, k), 0)
        height = Image.new("L", (k, k), 128)
        dc, dh = ImageDraw.Draw(cross), ImageDraw.Draw(height)
        for a, b in (((4, 4), (k - 4, k - 4)), ((4, k - 4), (k - 4, 4))):
            dc.line([a, b], fill=255, width=17)
            for x, y in (a, b):
                dc.ellipse((x - 7, y - 7, x + 7, y + 7), fill=255)
            for off, v, w in ((0, 60, 19), (0, 118, 14), (-2, 160, 8), (-3, 190, 3)):
                dh.line([(a[0] + off, a[1] + off), (b[0] + off, b[1] + off)], fill=v, width=w)
        x0, y0 = sheet.window[0], sheet.window[1]

        def over(tile):
            # a few cells at full resolution, then stretched once: cells are no whole pixels wide
            cols = math.ceil(sheet.size[0] / pitch) + 2
            rows = math.ceil(sheet.size[1] / pitch) + 2
            q = max(4, min(k, round(pitch)))
            small = texture.tile(
                tile.resize((q, q), Image.Resampling.LANCZOS), (cols * q, rows * q)
            )
            fx = ((x0 + half) / self.cell) % 1 * q
            fy = ((y0 + half) / self.cell) % 1 * q
            return small.transform(
                sheet.size,
                Image.Transform.AFFINE,
                (q / pitch, 0, fx, 0, q / pitch, fy),
                Image.Resampling.BILINEAR,
            )

        return over(texture.centred(aida)), over(cross), over(height)

    # What it is made up into ---------------------------------------------------------------------
    def _hoop(self, sheet, rng):
        r = self.width / 2
        at = 1j
        grain = texture.wood(rng, sheet.size, (196, 150, 98), max(4, sheet.px(0.4)))
        ring = texture.ImageChops.subtract(
            sheet.area(circle(at, r, 140)), sheet.area(circle(at, r - 1.1, 140))
        )
        clasp = rect(-1.1, -self.height / 2 - 0.3, 1.1, 1 - r + 0.9)
        inside = sheet.blur(ring, 0.3)
        sheet.rgb.paste((40, 28, 20), (0, 0), inside.point([v // 2 for v in range(256)]))
        profile = sheet.grey(
            lambda pen: [
                pen.disc(at, r - d, v)
                for d, v in ((0, 120), (0.15, 220), (0.5, 240), (0.75, 160), (1.1, 0))
            ]
        )
        step = max(1, round(sheet.px(0.16)))
        lit = texture.shade(grain, texture.relief(sheet.blur(profile, 0.12), 0.8, step, 0.8))
        sheet.lay(lit, ring)
        brass = sheet.area(clasp)
        with sheet.over() as pen:
            pen.fill(clasp, (150, 120, 62))
            pen.fill(rect(-1.1, -self.height / 2 - 0.3, -0.2, 2 - r), (206, 176, 108))
            pen.fill(rect(-0.16, -self.height / 2 - 0.3, 0.1, 2 - r), (70, 52, 28))
            pen.fill(rect(-2.0, -r + 0.35, 2.2, -r + 0.95), (178, 148, 84))
            pen.disc(2.3 - 1j * (r - 0.65), 0.55, (190, 160, 96))
        brass = texture.ImageChops.lighter(
            brass,
            sheet.area(rect(-2.0, -r + 0.35, 2.2, -r + 0.95), circle(2.3 - 1j * (r - 0.65), 0.55)),
        )
        sheet.mask = texture.ImageChops.lighter(sheet.area(circle(at, r, 140)), brass)

    def _cushion(self, sheet, rng):
        w = self.width / 2
        # a cushion's sides draw in between its four full corners
        edge = []
        for q in range(4):
            for i in range(20):
                t = i / 20 * 2 - 1
                edge.append(complex(t * w, -w + 1.5 * (1 - t * t)) * 1j**q)
        edge = shapes.spline(edge, True, 2)
        sheet.mask = sheet.area(edge)
        dome = sheet.blur(sheet.area([p * 0.86 for p in edge]), w * 0.17)
        step = max(2, round(sheet.px(1.2)))
        sheet.shade(texture.relief(dome, 0.55, step, step))
        cord = sheet.grey(lambda pen: pen.line([*edge, edge[0]], 0.75, 255))
        twist = texture.twill(sheet.size, sheet.px(0.5, 4))
        sheet.lay(
            texture.shade(Image.new("RGB", sheet.size, self.threads[0].rgb), twist, 0.6), cord
        )
        sheet.shade(texture.relief(sheet.blur(cord, 0.15), 0.6, max(1, round(sheet.px(0.15)))))
        sheet.mask = texture.ImageChops.lighter(sheet.mask, cord)

    def _frame(self, sheet, rng):
        w, f = self.width / 2, 3.4
        outside = sheet.grey(lambda pen: pen.fill(rect(-w + f, -w + f, w - f, w - f), 0), 255)
        across = texture.wood(rng, sheet.size, (150, 104, 62), max(4, sheet.px(0.6)))
        upright = texture.wood(
            rng, sheet.size, (150, 104, 62), max(4, sheet.px(0.6)), vertical=True
        )
        sides = sheet.area(
            [complex(-w, -w), complex(-w + f, -w + f), complex(-w + f, w - f), complex(-w, w)],
            [complex(w, -w), complex(w - f, -w + f), complex(w - f, w - f), complex(w, w)],
        )
        across.paste(upright, (0, 0), sides)
        profile = sheet.grey(
            lambda pen: [
                pen.fill(rect(-w + d, -w + d, w - d, w - d), v)
                for d, v in ((0, 100), (0.3, 210), (f - 1, 230), (f - 0.4, 150), (f - 0.05, 20))
            ]
        )
        step = max(1, round(sheet.px(0.15)))
        across = texture.shade(across, texture.relief(sheet.blur(profile, 0.14), 0.7, step, 0.7))
        sheet.shadow(outside, 0.6, 0.6)
        sheet.lay(across, outside)
        sheet.mask = sheet.area(rect(-w, -w, w, w))

    # Words --------------------------------------------------------------------------------------
    def title(self):
        what = {
            "hoop": ("kasnak kanaviçe", "in a hoop"),
            "cushion": ("kanaviçe kırlent", "cushion"),
            "frame": ("kanaviçe pano", "sampler"),
        }[self.form]
        en = NAMES[self.picture]
        name = cap(en, "en")
        shown = PLURALS[self.picture] if self.layout == "four" else f"a {en}"
        return {
            "tr": cap(f"{self.picture} desenli {what[0]}"),
            "en": f"{name} in cross-stitch"
            if self.form == "hoop"
            else f"Cross-stitch {what[1]} with {shown}",
        }

    def materials(self):
        return {"tr": "etamin, muline iplik", "en": "even-weave cotton, stranded thread"}

    def alt(self, view):
        tr, en = listing(self.threads, "tr"), listing(self.threads, "en")
        if view == "detail":
            return {
                "tr": f"Kanaviçenin yakından görünüşü: {self.cloth.tr} etamin üzerinde {tr} ipliklerle "
                "yan yana atılmış çarpı işaretleri, kumaşın delikleri",
                "en": f"Close view of the cross-stitch: crosses side by side in {en} thread on "
                f"{self.cloth.en} even-weave cotton, the holes of the cloth visible",
            }
        a, b = FORMS[self.form]
        if self.layout == "four":
            what = (
                f"köşelere dönük dört {self.picture}",
                f"four {PLURALS[self.picture]} towards the corners",
            )
        else:
            what = (
                f"ortada iri bir {self.picture}",
                f"one large {NAMES[self.picture]} in the middle",
            )
        ring = (
            ("çevresinde küçük çiçeklerden halka", "a ring of small flowers around")
            if self.form == "hoop"
            else ("çevresinde sıra motifli bordür", "a border of repeated motifs around")
        )
        return {
            "tr": f"{cap(a)} {self.cloth.tr} etamin üzerine {tr} iplikle kanaviçe; {what[0]}, {ring[0]}",
            "en": f"Cross-stitch {b}, {en} thread on {self.cloth.en} cotton; {what[1]}, {ring[1]}",
        }
