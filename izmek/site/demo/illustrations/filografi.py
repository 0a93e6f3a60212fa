"""Filografi: thread wound round nails on a velvet board."""

import itertools

from . import colour, studio, texture
from .colour import dark, light, listing, mix
from .piece import Piece
from .shapes import along, bezier, circle, place, polar, rect, spline, star
from .sheet import Sheet
from .words import cap

C = colour
BOARDS = (C.BLACK, C.NAVY, C.BURGUNDY, C.FOREST, C.AUBERGINE, C.BLACK, C.TEAL)
THREADS = (
    (C.GOLD, C.TURQUOISE, C.WHITE),
    (C.SILVER, C.BLUE, C.TURQUOISE),
    (C.COPPER, C.GOLD, C.TOMATO),
    (C.TURQUOISE, C.FUCHSIA, C.LEMON),
    (C.GOLD, C.TOMATO, C.ORANGE),
    (C.WHITE, C.SILVER, C.SKY),
    (C.LILAC, C.ROSE, C.SILVER),
    (C.MINT, C.GOLD, C.LEAF),
)
FORMS = {
    "rosette": ("iç içe geçen halkalardan bir gülçe", "a rosette of interlaced rings"),
    "star": ("sekiz kollu bir yıldız", "an eight-pointed star"),
    "tulip": ("kıvrık yapraklı bir lale", "a tulip with curving leaves"),
    "butterfly": ("kanatları açık bir kelebek", "a butterfly with open wings"),
    "mandala": ("çember içinde birbirine geçen on halka", "ten rings interlaced inside a circle"),
}
TITLES = {
    "rosette": ("Gülçe filografi", "String-art rosette"),
    "star": ("Sekiz kollu yıldız", "Eight-pointed star"),
    "tulip": ("Filografi lale", "String-art tulip"),
    "butterfly": ("Filografi kelebek", "String-art butterfly"),
    "mandala": ("Halkalı filografi pano", "String-art panel of rings"),
}
FRAMES = (
    ("ceviz", "walnut", (74, 46, 28)),
    ("altın yaldızlı", "gilt", (150, 112, 48)),
    ("siyah", "black", (34, 30, 28)),
)


class Filografi(Piece):
    slug = "filografi"
    name = {"tr": "Filografi", "en": "String art (filografi)"}
    frames = ((1, 1), (4, 5), (1, 1), (4, 5))
    grounds = (studio.CHALK, studio.SAND, studio.CLAY, studio.SAGE, studio.DUSK)
    margin = 0.06
    lift = 0.013
    thick = 1.0
    turn = 0.7

    def plan(self, rng):
        self.form = self.pick("form", FORMS)
        self.board = rng.choice(BOARDS)
        self.threads = self.pick("threads", THREADS)
        if self.board is C.TEAL and C.TURQUOISE in self.threads[:2]:
            self.board = C.BLACK
        self.wood = rng.choice(FRAMES)
        w, h = self.frame
        self.width, self.height = (50, 50) if w == h else (48, 60)
        self.nails = rng.choice((48, 60, 72))
        self.step = rng.choice((0.31, 0.38, 0.42))  # how far round the ring the thread goes
        self.moulding = 3.2

    def focus(self, rng):
        at = {
            "tulip": complex(0, -0.12 * self.height),
            "butterfly": self.width * complex(0.2 * rng.choice((-1, 1)), -0.12),
        }.get(self.form) or polar(self.width * 0.2, rng.random())
        return at, self.width * 0.42

    # The winding: (list of nails, list of (from, to, thread)) ------------------------------------
    def winding(self):
        self._nails, self._lines = [], []
        getattr(self, f"_{self.form}")(self.width / 2 - self.moulding - 2.5)
        return self._nails, self._lines

    def _ring(self, points, skip, thread, closed=True):
        n = len(points)
        self._nails += points
        for i in range(n if closed else n - skip):
            self._lines.append((points[i], points[(i + skip) % n], thread))

    def _rosette(self, r):
        n = self.nails
        outer = circle(0, r, n)
        self._ring(outer, round(n * self.step), 0)
        self._ring(outer, round(n * (self.step - 0.1)), 1)
        inner = circle(0, r * 0.5, n // 2)
        self._ring(inner, round(n / 2 * 0.42), 2)
        petals = 12
        for k in range(petals):
            a, b = outer[k * n // petals], outer[(k * n // petals + n // petals) % n]
            tip = (a + b) / 2 * 1.1
            self._nails.append(tip)
            for i in range(n // petals + 1):
                self._lines.append((outer[(k * n // petals + i) % n], tip, 1))

    def _star(self, r):
        m = 14
        points = star(0, r * 1.04, r * 0.56, 8, -0.25)
        for k in range(8):
            tip, a, b = points[2 * k], points[2 * k - 1], points[(2 * k + 1) % 16]
            left = [a + (tip - a) * i / m for i in range(m + 1)]
            right = [b + (tip - b) * i / m for i in range(m + 1)]
            self._nails += left + right
            for i in range(m + 1):
                self._lines.append((left[i], right[m - i], k % 2))
            core = polar(r * 0.12, k / 8 - 0.25)
            self._nails.append(core)
            for i in range(0, m, 2):
                self._lines.append((core, left[i], 2))
                self._lines.append((core, right[i], 2))
        n = 40
        self._ring(circle(0, r * 0.4, n), 15, 1)

    def _fan(self, a, b, thread):
        """The classic envelope between two rows of nails."""
        n = min(len(a), len(b))
        self._nails += a + b
        for i in range(n):
            self._lines.append((a[i * len(a) // n], b[i * len(b) // n], thread))

    @staticmethod
    def _even(path, n):
        """n + 1 points at even distances along a path."""
        total = sum(abs(q - p) for p, q in itertools.pairwise(path))
        points = [p for p, _ in along(path, total / n * 0.9999)]
        return points[: n + 1]

    def _fill(self, outline, thread, n, skip):
        """An outline of nails with the thread wound across it."""
        points = self._even([*outline, outline[0]], n)[:n]
        self._ring(points, round(n * skip), thread)
        self._lines += [
            (p, points[(i + round(n * skip * 0.7)) % n], thread) for i, p in enumerate(points)
        ]

    def _tulip(self, r):
        h = self.height / 2 - self.moulding - 3
        base = 0.28 * h * 1j
        s = h * 1.05
        side = spline(
            [0, -0.3 - 0.08j, -0.46 - 0.42j, -0.36 - 0.8j, -0.5 - 1.1j, -0.2 - 0.92j, -0.06 - 0.5j],
            True,
        )
        middle = spline([0, -0.2 - 0.35j, -0.16 - 0.75j, -1.15j, 0.16 - 0.75j, 0.2 - 0.35j], True)
        for flip in (-1, 1):
            shape = [complex(p.real * flip, p.imag) for p in side]
            self._fill(place(shape, base, 0, s), 0, 54, 0.3)
        self._fill(place(middle, base, 0, s), 1, 50, 0.36)
        stem = bezier(base, base + 0.3j * h, base + 0.45j * h + 1.5, 0.95j * h, 24)
        a = self._even(stem, 26)
        self._fan([p - 0.35 for p in a], [p + 0.35 for p in a[3:] + a[-3:]], 2)
        for side_ in (-1, 1):
            outer = bezier(
                stem[20],
                stem[20] + complex(6 * side_, -1),
                complex(0.62 * r * side_, 0.5 * h),
                complex(0.78 * r * side_, 0.2 * h),
            )
            inner = bezier(
                stem[12],
                stem[14] + complex(3 * side_, 0),
                complex(0.45 * r * side_, 0.45 * h),
                complex(0.78 * r * side_, 0.2 * h),
            )
            self._fan(self._even(outer, 26), self._even(inner, 26)[::-1], 2)
            self._fan(self._even(outer, 26), self._even(inner, 26), 2)

    def _butterfly(self, r):
        for side in (-1, 1):

            def m(p, side=side):
                return complex(p.real * side, p.imag) * r

            upper = [
                m(p)
                for p in spline(
                    [
                        0.05 - 0.12j,
                        0.25 - 0.55j,
                        0.7 - 0.92j,
                        1.0 - 0.78j,
                        0.92 - 0.35j,
                        0.6 - 0.02j,
                        0.2 + 0.06j,
                    ],
                    True,
                )
            ]
            lower = [
                m(p)
                for p in spline(
                    [
                        0.06 + 0.08j,
                        0.4 + 0.12j,
                        0.78 + 0.3j,
                        0.72 + 0.68j,
                        0.45 + 0.82j,
                        0.2 + 0.5j,
                    ],
                    True,
                )
            ]
            self._fill(upper, 0, 60, 0.34)
            self._fill(
                [(p - upper[20]) * 0.5 + (upper[20] * 0.55 + m(0.16 - 0.1j) * 0.45) for p in upper],
                2,
                34,
                0.4,
            )
            self._fill(lower, 1, 50, 0.34)
            feeler = bezier(m(0.02 - 0.35j), m(0.05 - 0.7j), m(0.2 - 0.85j), m(0.32 - 0.98j))
            a = self._even(feeler, 10)
            self._fan(a[:-1], a[1:], 2)
        body = spline([-0.42j * r, (-0.06 - 0.1j) * r, 0.6j * r, (0.06 - 0.1j) * r], True)
        self._fill(body, 2, 36, 0.46)

    def _mandala(self, r):
        n = 10
        for k in range(n):
            ring = [polar(r * 0.5, k / n) + p for p in circle(0, r * 0.46, 40)]
            self._ring(ring, 13, k % 2)
        self._ring(circle(0, r, 72), 9, 2)
        self._ring(circle(0, r * 0.3, 30), 11, 2)

    # The making ---------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        w, h, f = self.width / 2, self.height / 2, self.moulding
        sheet.rgb.paste(self.board.rgb, (0, 0, *sheet.size))
        nap = texture.noise(rng, sheet.size, max(1, sheet.px(0.05)))
        sheet.shade(nap, 0.12)
        sheet.shade(texture.cloudy(rng, sheet.size, sheet.px(6, 8), 2), 0.07)
        nails, lines = self.winding()
        thick = max(0.07, 1.1 / sheet.scale)
        veil = sheet.grey(lambda pen: [pen.line([a, b], thick, 255) for a, b, _ in lines])
        sheet.shadow(veil, 0.5, 0.5)
        glow = complex(-0.6, -0.8)
        with sheet.over() as pen:
            for a, b, t in lines:
                way = (b - a) / (abs(b - a) or 1)
                # a thread shines where it lies across the light
                shine = abs((way * glow.conjugate()).imag)
                c = self.threads[t].rgb
                tone = (
                    light(c, 0.5 * (shine - 0.5)) if shine > 0.5 else dark(c, 0.4 * (0.5 - shine))
                )
                side = way * 1j * thick * 0.7
                pen.line([a + side, b + side], thick, dark(c, 0.62), smooth=False)
                pen.line(
                    [a, b], thick, mix(tone, light(tone, 0.35), rng.random() * 0.6), smooth=False
                )
        self._heads(sheet, nails)
        self._frame(sheet, rng, w, h, f)

    def _heads(self, sheet, nails):
        seen = {(round(p.real, 2), round(p.imag, 2)): p for p in nails}.values()
        r = 0.2
        shadow = sheet.grey(lambda pen: [pen.disc(p, r, 255) for p in seen])
        sheet.shadow(shadow, 0.35, 0.7)
        metal = C.GOLD.rgb if C.GOLD in self.threads or C.COPPER in self.threads else C.SILVER.rgb
        with sheet.over() as pen:
            for p in seen:
                pen.disc(p, r, dark(metal, 0.55))
                pen.disc(p - 0.02 - 0.02j, r * 0.85, metal)
                pen.disc(p - 0.05 - 0.06j, r * 0.4, light(metal, 0.75))

    def _frame(self, sheet, rng, w, h, f):
        outside = sheet.grey(lambda pen: pen.fill(rect(-w + f, -h + f, w - f, h - f), 0), 255)
        rgb = self.wood[2]
        size = sheet.size
        across = texture.wood(rng, size, rgb, max(4, sheet.px(0.7)))
        upright = texture.wood(rng, size, rgb, max(4, sheet.px(0.7)), vertical=True)
        sides = sheet.area(
            [complex(-w, -h), complex(-w + f, -h + f), complex(-w + f, h - f), complex(-w, h)],
            [complex(w, -h), complex(w - f, -h + f), complex(w - f, h - f), complex(w, h)],
        )
        across.paste(upright, (0, 0), sides)
        profile = sheet.grey(
            lambda pen: [
                pen.fill(rect(-w + d, -h + d, w - d, h - d), v)
                for d, v in (
                    (0, 90),
                    (0.25, 190),
                    (1.0, 235),
                    (f - 1.1, 170),
                    (f - 0.5, 210),
                    (f - 0.1, 40),
                )
            ]
        )
        step = max(1, round(sheet.px(0.14)))
        across = texture.shade(across, texture.relief(sheet.blur(profile, 0.14), 0.7, step, 0.7))
        sheet.shadow(outside, 0.7, 0.75)
        sheet.lay(across, outside)
        sheet.mask = sheet.area(rect(-w, -h, w, h))

    # Words --------------------------------------------------------------------------------------
    def title(self):
        tr, en = TITLES[self.form]
        return {"tr": tr, "en": en}

    def materials(self):
        return {
            "tr": "ahşap pano, kadife, çivi, iplik",
            "en": "wooden board, velvet, nails, thread",
        }

    def alt(self, view):
        tr, en = listing(self.threads, "tr"), listing(self.threads, "en")
        if view == "detail":
            return {
                "tr": f"Filografinin yakından görünüşü: {self.board.tr} kadife üzerinde parlak çivi "
                f"başları arasında gerilmiş {tr} iplikler",
                "en": f"Close view of the string art: {en} threads stretched between shiny nail heads "
                f"on {self.board.en} velvet",
            }
        a, b = FORMS[self.form]
        return {
            "tr": f"{cap(self.board.tr)} kadife üzerine çivi ve {tr} iplikle çalışılmış filografi pano; "
            f"{a}, {self.wood[0]} çerçeve içinde",
            "en": f"String-art panel on {self.board.en} velvet, nails and thread in {en}; {b}, in a "
            f"{self.wood[1]} frame",
        }
