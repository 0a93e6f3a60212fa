"""Kilim: a slit tapestry drawn cell by cell, then woven row by row."""

from PIL import Image

from . import colour, studio, texture
from .colour import listing
from .piece import Piece
from .sheet import Sheet, spread
from .words import cap

# One character a cell; X the motif, o its heart. The names are the weavers' own.
MOTIFS = {
    "elibelinde": """
......X......
.....XXX.....
....XXoXX....
.....XXX.....
XXXX..X..XXXX
X..XX.X.XX..X
X...XXXXX...X
XX...XXX...XX
.....XXX.....
....XXXXX....
...XXXoXXX...
..XXXoooXXX..
.XXXXXXXXXXX.
""",
    "koçboynuzu": """
.XXXX.....XXXX.
XX..XX...XX..XX
X....XX.XX....X
X.XX..XXX..XX.X
XX.X..XoX..X.XX
.XXX..XoX..XXX.
......XoX......
....XXXoXXX....
.....XXXXX.....
......XXX......
.......X.......
""",
    "yıldız": """
......X......
.....XXX.....
..XX.XoX.XX..
..XXXXoXXXX..
...XXXoXXX...
.XXXXoooXXXX.
XXooooXooooXX
.XXXXoooXXXX.
...XXXoXXX...
..XXXXoXXXX..
..XX.XoX.XX..
.....XXX.....
......X......
""",
    "pıtrak": """
.....X.....
.X..XXX..X.
..X..X..X..
...XXoXX...
.X.XooX.X..
XXXoooooXXX
.X.XoooX.X.
...XXoXX...
..X..X..X..
.X..XXX..X.
.....X.....
""",
    "göz": """
.....X.....
....XXX....
...XXoXX...
..XXoooXX..
.XXooXooXX.
XXooXXXooXX
.XXooXooXX.
..XXoooXX..
...XXoXX...
....XXX....
.....X.....
""",
}
ENGLISH = {
    "elibelinde": "hands-on-hips",
    "koçboynuzu": "ram's horn",
    "yıldız": "star",
    "pıtrak": "burdock",
    "göz": "eye",
}
PLURAL = {
    "elibelinde": "hands-on-hips figures",
    "koçboynuzu": "ram's-horn motifs",
    "yıldız": "stars",
    "pıtrak": "burdock motifs",
    "göz": "eye motifs",
}
# Border units, repeated along the edge; read from the outside (upper row) inwards
BORDERS = {
    "su yolu": ("XX....XX", "XXX..XXX", ".XXXXXX.", "..XXXX..", "...XX..."),
    "çengel": ("XXXXXX..", "X....X..", "X.XX.X..", "X.X..X..", "..XXXX.."),
    "tarak": ("XXXXXXX.", "X.X.X.X.", "X.X.X.X.", "...X....", "..XXX..."),
    "kurt izi": ("X..XX..X", ".XX..XX.", "X..XX..X", "X..XX..X", ".XX..XX."),
}
BORDER_ENGLISH = {
    "su yolu": "running-water",
    "çengel": "hook",
    "tarak": "comb",
    "kurt izi": "wolf-track",
}
C = colour
PALETTES = (
    (C.MADDER, C.INDIGO, C.IVORY, C.SAFFRON, C.WALNUT),
    (C.INDIGO, C.MADDER, C.IVORY, C.OCHRE, C.FOREST),
    (C.IVORY, C.MADDER, C.INDIGO, C.OLIVE, C.WALNUT),
    (C.BRICK, C.IVORY, C.FOREST, C.SAFFRON, C.BLACK),
    (C.FOREST, C.BRICK, C.IVORY, C.SAFFRON, C.WALNUT),
    (C.AUBERGINE, C.OCHRE, C.IVORY, C.BRICK, C.INDIGO),
    (C.CAMEL, C.WALNUT, C.IVORY, C.MADDER, C.INDIGO),
    (C.SAFFRON, C.MADDER, C.IVORY, C.INDIGO, C.WALNUT),
    (C.SKY, C.INDIGO, C.IVORY, C.BRICK, C.SAFFRON),
)


class Kilim(Piece):
    slug = "kilim-dokuma"
    name = {"tr": "Kilim dokuma", "en": "Kilim weaving"}
    frames = ((4, 5), (3, 4), (4, 5), (1, 1))
    grounds = (studio.CHALK, studio.SAND, studio.OAK, studio.SAGE)
    margin = 0.05
    lift = 0.006
    thick = 0.35
    wave = 0.0022

    def plan(self, rng):
        self.field, self.main, self.pale, self.second, self.line = self.pick("palette", PALETTES)
        self.layout = self.pick("layout", ("medallions", "rows", "scatter", "niche"))
        self.motif = rng.choice(
            {
                "medallions": ("göz", "yıldız", "koçboynuzu"),
                "rows": ("elibelinde", "koçboynuzu", "yıldız", "pıtrak"),
                "scatter": ("pıtrak", "yıldız", "göz", "elibelinde"),
                "niche": ("koçboynuzu", "elibelinde"),
            }[self.layout]
        )
        self.count = rng.choice((2, 3))
        self.border = rng.choice(sorted(BORDERS))
        self.cell = rng.choice((0.7, 0.8, 0.9))  # cm
        if self.frame == (1, 1):
            self.cols, self.rows = 105, 107
        else:
            self.cols, self.rows = rng.choice((97, 105)), rng.choice((133, 141))
        self.width, self.height = self.cols * self.cell, self.rows * self.cell
        self.fringe = rng.uniform(5, 8)

    def extent(self):
        w, h, f = self.width / 2, self.height / 2, self.fringe
        return (-w, -h - f, w, h + f)

    def focus(self, rng):
        if rng.random() < 0.5:  # a corner with its fringe
            return complex(
                self.width * 0.3 * rng.choice((-1, 1)), self.height * 0.44
            ), self.width * 0.5
        return complex(
            rng.uniform(-0.12, 0.12) * self.width, rng.uniform(-0.2, 0.2) * self.height
        ), (self.width * 0.42)

    # The design, one pixel a cell -------------------------------------------------------------
    def design(self, rng) -> Image.Image:
        grid = Image.new("RGB", (self.cols, self.rows), self.field.rgb)
        px = grid.load()
        edge = self._border(px)
        box = (edge, edge, self.cols - edge, self.rows - edge)
        getattr(self, f"_{self.layout}")(px, box, rng)
        return grid

    def _stamp(self, px, motif, cx, cy, body, heart, turned=False):
        rows = MOTIFS[motif].split()
        rows = rows[::-1] if turned else rows
        for j, row in enumerate(rows):
            for i, c in enumerate(row):
                x, y = cx - len(row) // 2 + i, cy - len(rows) // 2 + j
                if c != "." and 0 <= x < self.cols and 0 <= y < self.rows:
                    px[x, y] = (body if c == "X" else heart).rgb

    def _border(self, px) -> int:
        """Guard stripes and one band of repeated units; returns how deep it is."""
        unit = BORDERS[self.border]
        n, depth = len(unit[0]), len(unit)
        stripes = [self.line, self.pale] + [self.main] * (depth + 2) + [self.pale, self.line]
        for y in range(self.rows):
            for x in range(self.cols):
                ring = min(x, y, self.cols - 1 - x, self.rows - 1 - y)
                if ring < len(stripes):
                    px[x, y] = stripes[ring].rgb
                    k = ring - 3
                    if 0 <= k < depth:
                        level = ring in (y, self.rows - 1 - y)
                        length = self.cols if level else self.rows
                        pos = (x if level else y) - length // 2 + n // 2
                        motif = unit[k][pos % n] == "X"
                        corner = min(x, self.cols - 1 - x) < 3 + depth and (
                            min(y, self.rows - 1 - y) < 3 + depth
                        )
                        if corner:
                            motif = (x + y) % 2 == 0
                        if motif:
                            other = (pos // n) % 2 == 0
                            px[x, y] = (self.pale if other or corner else self.second).rgb
        return len(stripes)

    def _diamond(self, px, cx, cy, r, bands):
        """Stepped diamond rings from the outside in; every ring two cells wide."""
        for y in range(cy - r, cy + r + 1):
            for x in range(cx - r, cx + r + 1):
                d = r - (abs(x - cx) + abs(y - cy) // 2 * 2)
                if d >= 0 and 0 <= x < self.cols and 0 <= y < self.rows:
                    px[x, y] = bands[min(d // 2, len(bands) - 1)].rgb

    def _hooks(self, px, cx, cy, r, c):
        """Hooks (çengel) that stand off the slanting sides of a diamond."""
        for k in range(2, r - 2, 4):
            for sx in (-1, 1):
                for sy in (-1, 1):
                    x, y = cx + sx * (r - k + 1), cy + sy * k
                    for dx, dy in ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2)):
                        a, b = x + sx * dx, y + sy * dy - sy
                        if 0 <= a < self.cols and 0 <= b < self.rows:
                            px[a, b] = c.rgb

    def _medallions(self, px, box, rng):
        x0, y0, x1, y1 = box
        cx, step = self.cols // 2, (y1 - y0) / self.count
        r = min(int(step / 2) + 2, (x1 - x0) // 2 - 3)
        bodies = [self.main, self.second if self.second != self.field else self.main]
        for k in range(self.count + 1):  # half medallions reach in from both sides
            cy = round(y0 + step * k)
            for edge in (x0 - 2, x1 + 1):
                self._hooks(px, edge, cy, 15, self.pale)
                self._diamond(px, edge, cy, 15, [self.line, self.pale, self.second, self.second])
        for k in range(self.count):
            cy = round(y0 + step * (k + 0.5))
            body = bodies[k % 2]
            self._hooks(px, cx, cy, r, self.line)
            inner = self.second if body is self.main else self.main
            bands = [self.line, body, body, body, self.pale, self.line, inner, inner, inner, inner]
            self._diamond(px, cx, cy, r, bands)
            self._hooks(px, cx, cy, r - 9, self.pale)
            if r > 22:
                self._diamond(px, cx, cy, 13, [self.line, self.pale])
            self._stamp(px, self.motif, cx, cy, body, inner)
            if k:
                cy = round(y0 + step * k)
                for sx in (-1, 1):
                    self._stamp(px, "pıtrak", cx + sx * 24, cy, self.pale, self.line)
        self._guard(px, box)

    def _guard(self, px, box):
        """Redraw the border over what reached into it."""
        x0, y0, x1, y1 = box
        inner = {(x, y): px[x, y] for y in range(y0, y1) for x in range(x0, x1)}
        self._border(px)
        for (x, y), value in inner.items():
            px[x, y] = value

    def _rows(self, px, box, rng):
        x0, y0, x1, y1 = box
        bands = [self.field, self.main, self.pale, self.second, self.line]
        high = 21
        n = (y1 - y0) // high
        top = y0 + (y1 - y0 - n * high) // 2
        for y in range(y0, y1):
            for x in range(x0, x1):
                k = max(0, min(n - 1, (y - top) // high))
                inner = (y - top) % high
                ground = bands[k % 3] if k < n else self.field
                if inner < 4 and top <= y < top + n * high:  # a narrow zigzag between the bands
                    up = abs((x - self.cols // 2) % 8 - 4)
                    px[x, y] = (self.line if up > inner else self.pale).rgb
                else:
                    px[x, y] = ground.rgb
        for k in range(n):
            ground = bands[k % 3]
            bodies = [c for c in (self.pale, self.second, self.main) if c is not ground]
            cy = top + k * high + high // 2 + 2
            across = (x1 - x0 + 2) // 16
            gap = (x1 - x0) / across
            for i in range(across):
                cx = round(x0 + gap * (i + 0.5) - 0.5)
                self._stamp(px, self.motif, cx, cy, bodies[i % 2], self.line, k % 2 == 1)
                if i:  # a small diamond between neighbours
                    self._diamond(px, round(cx - gap / 2), cy, 2, [bodies[1 - i % 2], self.line])

    def _scatter(self, px, box, rng):
        """Motifs in staggered rows that fill the field from edge to edge, diamonds between them."""
        x0, y0, x1, y1 = box
        motif = MOTIFS[self.motif].split()
        across, down = (x1 - x0) // (len(motif[0]) + 2), (y1 - y0) // (len(motif) + 1)
        gx, gy = (x1 - x0) / across, (y1 - y0) / down
        bodies = [c for c in (self.main, self.pale, self.second) if c is not self.field]
        for j in range(down):
            shift = 0.5 if j % 2 else 0
            cy = round(y0 + gy * (j + 0.5))
            for i in range(across - (1 if shift else 0)):
                cx = round(x0 + gx * (i + 0.5 + shift))
                body = bodies[(i + j + j // 2) % len(bodies)]
                heart = self.line if body is not self.line else self.pale
                self._stamp(px, self.motif, cx, cy, body, heart)
            for x in (x0 + 1, x1 - 2) if shift else ():  # the ends of the shorter rows
                self._diamond(px, x, cy, 4, [self.line, self.pale])
        self._guard(px, box)

    def _niche(self, px, box, rng):
        x0, y0, x1, y1 = box
        cx = self.cols // 2
        half = (x1 - x0) // 2 - 4
        top = y0 + 5
        for y in range(y0, y1):
            for x in range(x0, x1):
                # the stepped arch of a prayer kilim
                reach = min(half, (y - top) // 2 * 2)
                d = reach - abs(x - cx)
                if y > y1 - 4:
                    continue
                if d >= 6:
                    px[x, y] = self.main.rgb
                elif d >= 4:
                    px[x, y] = self.line.rgb
                elif d >= 2:
                    px[x, y] = self.pale.rgb
                elif d >= 0:
                    px[x, y] = self.second.rgb
        trunk = range(top + half // 2 + 8, y1 - 6)
        for y in trunk:  # the tree of life
            for x in (cx - 1, cx, cx + 1):
                px[x, y] = self.pale.rgb
        for k, y in enumerate(range(trunk.start + 14, y1 - 14, 11)):
            for sx in (-1, 1):
                for i in range(2, 13):
                    a = cx + sx * i
                    for t in (0, 1):
                        px[a, y - i // 2 - t] = self.pale.rgb
                bloom = self.second if k % 2 else self.field
                self._diamond(px, cx + sx * 15, y - 7, 5, [self.line, bloom, bloom, self.pale])
        self._stamp(px, self.motif, cx, trunk.start + 2, self.pale, self.second)
        for sx in (-1, 1):
            self._stamp(px, "yıldız", cx + sx * (half - 5), y0 + 8, self.pale, self.second)

    # The weaving ------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        w, h = self.width / 2, self.height / 2
        sheet.rgb = spread(sheet, self.design(rng), -w, -h, w, h)
        tall = sheet.px(self.cell / 3, 2)  # one pass of the weft
        wide = sheet.px(self.cell / 2, 3)  # one warp
        tone = texture.noise(rng, sheet.size, tall * 3, (60, 1))  # abrash: dye baths differ
        sheet.shade(tone, 0.13)
        sheet.shade(texture.noise(rng, sheet.size, max(1, tall * 0.7), (9, 1)), 0.22)
        ribs = weft(sheet.size, wide, tall)
        sheet.shade(ribs, 0.62 if sheet.px(self.cell) > 14 else 0.45)
        sheet.shade(texture.noise(rng, sheet.size, max(1, sheet.px(0.05))), 0.12)
        body = sheet.box(-w, -h, w, h)
        sheet.mask = Image.new("L", sheet.size, 0)
        sheet.mask.paste(255, body)
        self._fringe(sheet, rng, body)

    def _fringe(self, sheet, rng, body):
        w, h = self.width / 2, self.height / 2
        strands = []
        step = self.cell * 1.6
        x = -w + step / 2
        while x < w:
            for sy in (-1, 1):
                knot = complex(x, sy * (h + 0.6))
                for _ in range(4):
                    end = knot + complex(rng.gauss(0, 0.7), sy * self.fringe * rng.uniform(0.75, 1))
                    mid = (knot + end) / 2 + rng.gauss(0, 0.3)
                    start = complex(x + rng.uniform(-0.6, 0.6), sy * (h - 0.3))
                    tint = colour.vary(rng, colour.dark(C.IVORY.rgb, rng.uniform(0.02, 0.25)), 8)
                    strands.append(([start, knot, mid, end], tint))
                strands.append(([knot - 0.35, knot + 0.35], colour.dark(C.IVORY.rgb, 0.12)))
            x += step
        thin = max(0.16, 1.1 / sheet.scale)
        mask = sheet.grey(lambda pen: [pen.line(p, thin, 255) for p, _ in strands])
        cloth = sheet.rgb.crop(body) if body[2] > body[0] and body[3] > body[1] else None
        with sheet.over() as pen:
            pen.fill(
                [complex(-9e3, -9e3), complex(9e3, -9e3), complex(9e3, -h), complex(-9e3, -h)],
                colour.dark(C.IVORY.rgb, 0.3),
            )
            pen.fill(
                [complex(-9e3, h), complex(9e3, h), complex(9e3, 9e3), complex(-9e3, 9e3)],
                colour.dark(C.IVORY.rgb, 0.3),
            )
            for points, tint in strands:
                pen.line(points, thin, tint)
        if cloth:
            sheet.rgb.paste(cloth, body[:2])
        sheet.mask.paste(255, (0, 0), mask)

    # The words --------------------------------------------------------------------------------
    def title(self):
        tr = {
            "medallions": cap(f"{self.motif} göbekli kilim"),
            "rows": cap(f"{self.motif} sıralı kilim"),
            "scatter": cap(f"{self.motif} motifli kilim"),
            "niche": "Hayat ağaçlı seccade kilim",
        }[self.layout]
        en = {
            "medallions": f"Kilim with {ENGLISH[self.motif]} medallions",
            "rows": f"Kilim with rows of {PLURAL[self.motif]}",
            "scatter": f"Kilim scattered with {PLURAL[self.motif]}",
            "niche": "Prayer kilim with a tree of life",
        }[self.layout]
        return {"tr": tr, "en": en}

    def materials(self):
        return {"tr": "yün atkı, pamuk çözgü", "en": "wool weft, cotton warp"}

    def alt(self, view):
        shown = (self.field, self.main, self.pale, self.second)
        tr, en = listing(shown, "tr"), listing(shown, "en")
        if view == "detail":
            return {
                "tr": f"Dokumanın yakından görünüşü: {tr} yün ipliklerle basamak basamak örülmüş "
                "motifler ve yan yana sıkışmış atkı sıraları",
                "en": f"Close view of the weave: motifs stepped in {en} wool, with tightly beaten "
                "rows of weft",
            }
        what_tr = {
            "medallions": f"ortada alt alta {('iki', 'üç')[self.count - 2]} çengelli göbek",
            "rows": f"enine şeritlerde sıra sıra {self.motif} motifleri",
            "scatter": f"zeminde kaydırmalı dizilmiş {self.motif} motifleri",
            "niche": "basamaklı mihrap içinde hayat ağacı",
        }[self.layout]
        what_en = {
            "medallions": f"{('two', 'three')[self.count - 2]} hooked medallions one above another",
            "rows": f"rows of {PLURAL[self.motif]} in cross bands",
            "scatter": f"{PLURAL[self.motif]} set in staggered rows",
            "niche": "a tree of life in a stepped niche",
        }[self.layout]
        return {
            "tr": f"{cap(tr)} renklerde dokuma kilim; {what_tr}, çevresinde "
            f"{self.border} bordürü, iki ucunda püsküller",
            "en": f"Woven kilim in {en}; {what_en}, a {BORDER_ENGLISH[self.border]} border "
            "around it and fringes at both ends",
        }


def weft(size, wide: float, tall: float) -> Image.Image:
    """Weft-faced weave: ovals in brick order, as a grey tile around 128."""
    w, h = max(2, round(wide)), max(2, round(tall))
    cell = Image.new("L", (2 * w, 2 * h))
    px = cell.load()
    for y in range(2 * h):
        for x in range(2 * w):
            u = ((x + (w if y >= h else 0)) % (2 * w) + 0.5) / (2 * w) * 2 - 1
            v = (y % h + 0.5) / h * 2 - 1
            px[x, y] = round(60 + 150 * max(0, 1 - 0.5 * u * u - 0.75 * v * v) - 26 * v)
    return texture.tile(texture.centred(cell), size)
