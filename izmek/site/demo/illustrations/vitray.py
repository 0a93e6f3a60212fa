"""Vitray: coloured glass in lead, with the light coming through it."""

import math

from PIL import Image, ImageChops, ImageFilter

from . import colour, flora, shapes, studio, texture
from .colour import light, listing, mix, vary
from .piece import Piece
from .shapes import circle, place, polar, rect, spline
from .sheet import Sheet
from .words import cap

C = colour
GLASS = (
    (C.COBALT, C.TURQUOISE, C.SAFFRON, C.TOMATO),
    (C.BURGUNDY, C.ROSE, C.LEMON, C.EMERALD),
    (C.EMERALD, C.MINT, C.ORANGE, C.BLUE),
    (C.VIOLET, C.LILAC, C.LEMON, C.TURQUOISE),
    (C.BLUE, C.SKY, C.ORANGE, C.RED),
    (C.TEAL, C.TURQUOISE, C.LEMON, C.FUCHSIA),
)
FORMS = {
    "rose window": ("gül pencere", "rose window"),
    "tulip": ("lale", "tulip"),
    "star": ("sekiz kollu yıldız", "eight-pointed star"),
    "sun": ("tepelerin ardında güneş", "sun behind hills"),
}


class Vitray(Piece):
    slug = "vitray"
    name = {"tr": "Vitray", "en": "Stained glass"}
    frames = ((4, 5), (1, 1), (4, 5))
    grounds = (studio.CHALK, studio.SAND, studio.SAGE, studio.DUSK)
    margin = 0.09
    lift = 0.016
    depth = 0.45
    thick = 0.0
    turn = 0.8

    def plan(self, rng):
        self.form = self.pick("form", FORMS)
        self.glass = self.pick("glass", (*GLASS, GLASS[0]))
        self.petals = rng.choice((8, 10, 12))
        if self.form in ("rose window", "star"):
            self.width = self.height = rng.choice((40, 45))
            self.frame = (1, 1)
        else:
            self.width, self.height = 36, 50
            self.frame = (4, 5)

    def focus(self, rng):
        return polar(self.width * 0.16, rng.random()), self.width * 0.45

    # Panes: (outline, colour index); later ones lie on earlier ones --------------------------------
    def panes(self, rng):
        return getattr(self, "_" + self.form.replace(" ", "_"))(rng)

    def _sector(self, r0, r1, a0, a1):
        n = 8
        inner = [polar(r0, a0 + (a1 - a0) * i / n) for i in range(n + 1)]
        outer = [polar(r1, a0 + (a1 - a0) * i / n) for i in range(n + 1)]
        return inner + outer[::-1]

    def _rose_window(self, rng):
        r, n = self.width / 2, self.petals
        out = []
        for i in range(2 * n):
            out.append((self._sector(r * 0.84, r, i / (2 * n), (i + 1) / (2 * n)), (0, 1)[i % 2]))
        for i in range(n):
            out.append((self._sector(r * 0.3, r * 0.84, i / n, (i + 1) / n), 1))
        for i in range(n):
            a = (i + 0.5) / n
            petal = place(shapes.drop(r * 0.56, r * 1.9 / n), polar(r * 0.28, a), a)
            out.append((petal, 3 if i % 2 else 2))
            out.append((circle(polar(r * 0.68, a), r * 0.075 * 10 / n, 24), (2, 3)[i % 2]))
        for i in range(n):
            out.append((self._sector(r * 0.14, r * 0.3, i / n, (i + 1) / n), (0, 2)[i % 2]))
        out.append((circle(0, r * 0.14, 40), 3))
        return out

    def _grid(self, w, h, nx, ny, indices):
        out = []
        for j in range(ny):
            for i in range(nx):
                x0, y0 = -w + 2 * w * i / nx, -h + 2 * h * j / ny
                out.append(
                    (
                        rect(x0, y0, x0 + 2 * w / nx, y0 + 2 * h / ny),
                        indices[(i + j) % len(indices)],
                    )
                )
        return out

    def _rim(self, w, h, b):
        """A border of square panes with coloured corners."""
        out = []
        nx, ny = round(2 * w / b / 1.6), round(2 * h / b / 1.6)
        for i in range(nx):
            x0, x1 = -w + b + (2 * w - 2 * b) * i / nx, -w + b + (2 * w - 2 * b) * (i + 1) / nx
            out += [(rect(x0, y, x1, y + b), (0, 2)[i % 2]) for y in (-h, h - b)]
        for j in range(ny):
            y0, y1 = -h + b + (2 * h - 2 * b) * j / ny, -h + b + (2 * h - 2 * b) * (j + 1) / ny
            out += [(rect(x, y0, x + b, y1), (0, 2)[j % 2]) for x in (-w, w - b)]
        out += [(rect(x, y, x + b, y + b), 3) for x in (-w, w - b) for y in (-h, h - b)]
        return out

    def _tulip(self, rng):
        w, h, b = self.width / 2, self.height / 2, 3.4
        out = self._grid(w - b, h - b, 4, 6, (4, 5))
        foot = complex(0, h - b)
        out.append((shapes.ribbon(shapes.bezier(foot, 0.55j * h, 0.3j * h, -0.05j * h), 1.7), 6))
        for s in (-1, 1):
            leaf = spline(
                [
                    foot,
                    complex(0.3 * w * s, 0.6 * h),
                    complex(0.72 * w * s, 0.2 * h),
                    complex(0.66 * w * s, -0.06 * h),
                    complex(0.42 * w * s, 0.22 * h),
                    complex(0.12 * w * s, 0.5 * h),
                ],
                True,
            )
            out.append((leaf, 6))
            small = spline(
                [
                    complex(0, 0.62 * h),
                    complex(0.2 * w * s, 0.34 * h),
                    complex(0.26 * w * s, 0.1 * h),
                    complex(0.1 * w * s, 0.3 * h),
                ],
                True,
            )
            out.append((small, 7))
        for p in flora.set_at(flora.tulip(), 0.02j * h, 0, h * 0.72):
            wide = [complex(q.real * 1.25, q.imag) for q in p.outline]
            out.append((wide, {"petal": 3, "second": 2, "heart": 1}[p.role]))
        return out + self._rim(w, h, b)

    def _star(self, rng):
        w, b = self.width / 2, 3.6
        r = w - b
        out = self._grid(w - b, w - b, 4, 4, (5, 4))
        for i in range(8):
            a = i / 8 + 1 / 16
            out.append(
                (
                    [
                        polar(r * 0.62, a),
                        polar(r * 0.98, a - 1 / 16),
                        polar(r * 1.0, a),
                        polar(r * 0.98, a + 1 / 16),
                    ],
                    1,
                )
            )
        for i in range(8):
            u, v = polar(r * 0.52, i / 8), polar(r * 0.52, (i + 1) / 8)
            out.append(([0, u, u + v, v], (0, 3)[i % 2]))
        for i in range(8):
            u, v = polar(r * 0.27, i / 8), polar(r * 0.27, (i + 1) / 8)
            out.append(([0, u, u + v, v], (2, 1)[i % 2]))
        out.append((circle(0, r * 0.13, 40), 3))
        return out + self._rim(w, w, b)

    def _sun(self, rng):
        w, h, b = self.width / 2, self.height / 2, 3.4
        at = complex(0, 0.08 * h)
        out = []
        n = 14
        far = 3 * h
        for i in range(n):
            a, c = 0.5 + 0.5 * i / n, 0.5 + 0.5 * (i + 1) / n
            ray = [at, at + polar(far, a), at + polar(far, c)]
            out.append((_clip(ray, w - b, h - b), (4, 1)[i % 2]))
        for r, index in ((0.56, 2), (0.4, 3), (0.26, 2)):
            out.append((circle(at, w * r, 60), index))
        for k, (y, index) in enumerate(((0.12, 6), (0.34, 7), (0.56, 0), (0.75, 1))):
            top = spline(
                [
                    complex(-w + 2 * w * i / 4, h * (y + 0.07 * math.sin(i * 2.1 + k * 1.7)))
                    for i in range(5)
                ]
            )
            out.append((_clip([*top, complex(w, h), complex(-w, h)], w - b, h - b), index))
        return out + self._rim(w, h, b)

    def paint(self, sheet: Sheet, rng):
        panes = self.panes(rng)
        inks = [c.rgb for c in self.glass]
        inks += [light(inks[1], 0.6), light(inks[2], 0.6), C.EMERALD.rgb, C.LEAF.rgb]
        inks = [mix(c, tuple(min(255, round(v * 1.6)) for v in c), 0.3) for c in inks]
        with sheet.over() as pen:
            for outline, k in panes:
                pen.fill(outline, vary(rng, inks[k], 16))
        # streaks and seeds in the glass, and the daylight behind it
        streak = texture.noise(rng, sheet.size, sheet.px(0.5, 3), (1, 5))
        sheet.shade(texture.relief(streak, 0.3, max(1, round(sheet.px(0.2))), 1))
        sheet.shade(texture.cloudy(rng, sheet.size, sheet.px(3, 8), 2), 0.3)
        day = texture.spot(sheet.size, (0.42, 0.35), 0.75, 88, 156)
        sheet.shade(day)
        ripple = texture.cloudy(rng, sheet.size, sheet.px(0.7, 3), 2)
        sheet.shade(texture.relief(ripple, 0.25, 2, 1))
        glow = (
            sheet.rgb.reduce(4)
            .filter(ImageFilter.GaussianBlur(sheet.px(0.35, 1) / 4 + 1))
            .resize(sheet.size)
        )
        sheet.rgb = ImageChops.screen(
            sheet.rgb, glow.point([round(v * 0.13) for v in range(256)] * 3)
        )
        self._lead(sheet, rng, panes)
        sheet.alight = True

    def _lead(self, sheet, rng, panes):
        w, h = self.width / 2, self.height / 2
        came = 0.42

        def lines(pen):
            for outline, _ in panes:  # a later pane covers the lead of an earlier one
                pen.fill(outline, 0)
                pen.line(outline, came, 255, closed=True)
            if self.form == "rose window":
                pen.line(circle(0, w - 0.35, 160), 0.95, 255, closed=True)
            else:
                e = rect(-w, -h, w, h)
                pen.line([*e, e[0]], 1.4, 255)

        lead = sheet.grey(lines)
        tone = Image.new("RGB", sheet.size, (58, 58, 62))
        tone = texture.shade(tone, texture.noise(rng, sheet.size, max(1, sheet.px(0.08))), 0.16)
        step = max(1, round(sheet.px(0.1)))
        tone = texture.shade(tone, texture.relief(sheet.blur(lead, 0.09), 0.7, step, 0.5))
        sheet.lay(tone, lead)
        if self.form == "rose window":
            sheet.mask = sheet.area(circle(0, w, 180))
        else:
            sheet.mask = sheet.area(rect(-w, -h, w, h))

    # Words --------------------------------------------------------------------------------------
    def title(self):
        a, b = FORMS[self.form]
        return {"tr": cap(f"vitray {a}"), "en": f"Stained-glass {b}"}

    def materials(self):
        return {"tr": "renkli cam, kurşun çıta, lehim", "en": "coloured glass, lead came, solder"}

    def alt(self, view):
        tr, en = listing(self.glass, "tr"), listing(self.glass, "en")
        if view == "detail":
            return {
                "tr": f"Vitrayın yakından görünüşü: {tr} camların arasında koyu kurşun çizgiler, camın "
                "içinde ince dalgalar",
                "en": f"Close view of the stained glass: dark lead lines between {en} panes, fine ripples "
                "in the glass",
            }
        a, b = FORMS[self.form]
        tail = {
            "rose window": (
                "merkezden açılan taç yapraklar, çevrede ince cam halkası",
                "petals opening from the centre and a ring of panes around",
            ),
            "tulip": (
                "iki yanında kıvrık yapraklar, kenarda kare cam bordür",
                "curving leaves at both sides, a border of square panes",
            ),
            "star": (
                "iç içe baklava camlar, kenarda kare cam bordür",
                "diamond panes one inside the other, a border of square panes",
            ),
            "sun": (
                "gökyüzünde ışın ışın camlar, kenarda kare cam bordür",
                "panes like rays in the sky, a border of square panes",
            ),
        }[self.form]
        return {
            "tr": f"{cap(tr)} camdan, kurşun çıtalı vitray pano: {a}, {tail[0]}",
            "en": f"Stained-glass panel in {en} with lead lines: {b}, {tail[1]}",
        }


def _clip(points, w, h):
    """Kept inside the rectangle ±w, ±h (Sutherland-Hodgman)."""
    for axis, sign, limit in ((0, 1, w), (0, -1, w), (1, 1, h), (1, -1, h)):

        def depth(p, axis=axis, sign=sign, limit=limit):
            return limit - sign * (p.imag if axis else p.real)

        out = []
        for a, b in zip(points, [*points[1:], points[0]], strict=True):
            da, db = depth(a), depth(b)
            if da >= 0:
                out.append(a)
            if (da >= 0) != (db >= 0):
                out.append(a + (b - a) * da / (da - db))
        points = out
    return points
