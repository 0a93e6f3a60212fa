"""Keçe: wool laid in clouds and swirls, wetted and rubbed until it holds together."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from . import colour, flora, shapes, studio, texture
from .colour import dark, light, listing, vary
from .piece import Piece
from .shapes import circle, ellipse, place, polar, ribbon, spline
from .sheet import Sheet
from .studio import warp
from .words import cap

C = colour
PALETTES = (
    (C.IVORY, C.MADDER, C.INDIGO, C.SAFFRON),
    (C.INDIGO, C.IVORY, C.SKY, C.ORANGE),
    (C.OLIVE, C.IVORY, C.BRICK, C.SAFFRON),
    (C.MADDER, C.IVORY, C.SAFFRON, C.INDIGO),
    (C.GREY, C.IVORY, C.FUCHSIA, C.AUBERGINE),
    (C.TEAL, C.MINT, C.IVORY, C.ORANGE),
    (C.AUBERGINE, C.LILAC, C.IVORY, C.SAFFRON),
    (C.CAMEL, C.WALNUT, C.IVORY, C.BRICK),
    (C.ROSE, C.IVORY, C.BURGUNDY, C.OLIVE),
)
FORMS = {
    "rug": ("tepme keçe yaygı", "felt rug"),
    "coasters": ("keçe bardak altlıkları", "felt coasters"),
    "bag": ("keçe çanta", "felt bag"),
    "picture": ("keçe pano", "felt picture"),
}


class Kece(Piece):
    slug = "kece"
    name = {"tr": "Keçe", "en": "Felt"}
    frames = ((4, 5), (1, 1), (5, 4), (4, 5))
    grounds = (studio.CHALK, studio.OAK, studio.LINEN, studio.SAND, studio.DUSK)
    margin = 0.07
    lift = 0.008
    thick = 0.0
    turn = 2.5

    def plan(self, rng):
        self.form = self.pick("form", FORMS)
        self.base, self.first, self.second, self.third = self.pick("palette", PALETTES)
        self.motif = self.pick("motif", ("swirl", "horn", "bloom"))
        self.count = rng.choice((4, 6))
        if self.form == "rug":
            self.width, self.height = rng.choice(((90, 120), (80, 110)))
            self.frame = (4, 5)
        elif self.form == "coasters":
            self.width, self.height = (23, 23) if self.count == 4 else (24, 35)
            self.frame = (1, 1) if self.count == 4 else (4, 5)
        elif self.form == "bag":
            self.width, self.height = 36, 44
            self.frame = (4, 5)
        else:
            self.width, self.height = rng.choice(((40, 40), (36, 46)))
            self.frame = (1, 1) if self.width == 40 else (4, 5)

    def focus(self, rng):
        if self.form == "coasters":
            return complex(-5.8, -5.8 if self.count == 4 else -11.6), 14
        if self.form == "bag":
            return complex(self.width * 0.1, self.height * 0.2), 16
        return polar(self.width * 0.16, rng.random()), self.width * 0.4

    # Pieces from below upwards: (outlines, list of (shape, colour)) ----------------------
    def pieces(self, rng):
        return getattr(self, f"_{self.form}")(rng)

    def _spiral(self, at, r, turns, width, start, way=1):
        path = [at + polar(r * t / 40, start + way * turns * t / 40) for t in range(3, 41)]
        return ribbon(path, lambda t: width * (0.45 + 0.75 * t) * (1 if t < 0.9 else (1 - t) * 10))

    def _horn(self, at, size, turn):
        """A pair of ram's horns."""
        out = []
        for s in (-1, 1):
            curl = spline(
                [
                    complex(x * s, y)
                    for x, y in (
                        (0.03, 0.5),
                        (0.05, 0.0),
                        (0.2, -0.32),
                        (0.48, -0.34),
                        (0.56, -0.05),
                        (0.38, 0.1),
                        (0.26, -0.06),
                    )
                ]
            )
            out.append(place(ribbon(curl, lambda t: 0.17 * (1.1 - 0.55 * t)), at, turn, size))
        return out

    def _bloom(self, at, r, petals, first, second, heart):
        out = [(place(shapes.drop(r, r * 0.62), at, i / petals), first) for i in range(petals)]
        out += [
            (place(shapes.drop(r * 0.62, r * 0.34), at, i / petals), second) for i in range(petals)
        ]
        out.append((circle(at, r * 0.2), heart))
        return out

    def _motif(self, at, r, rng, inks):
        a, b, c = inks
        if self.motif == "swirl":
            out = [(circle(at, r * 0.98, 40), a)]
            for k in range(3):
                out.append((self._spiral(at, r * 0.95, 1.3, r * 0.16, k / 3), b))
            out.append((circle(at, r * 0.16, 24), c))
            return out
        if self.motif == "horn":
            out = [(shapes.star(at, r, r * 0.86, 10), a)]
            for q in range(4):
                out += [
                    (h, b) for h in self._horn(at + polar(r * 0.42, q / 4 - 0.25), r * 0.8, q / 4)
                ]
            out.append((circle(at, r * 0.2, 24), c))
            return out
        return [(circle(at, r * 0.98, 40), a), *self._bloom(at, r * 0.9, 8, b, c, a)]

    def _rug(self, rng):
        w, h = self.width / 2, self.height / 2
        b = 7
        inner = shapes.rect(-w + b, -h + b, w - b, h - b)
        shapes_ = [(inner, self.base.rgb)]
        n = 9
        for k in range(n):  # a scalloped border
            y = -h + (k + 0.5) * 2 * h / n
            for s in (-1, 1):
                shapes_.append(
                    (
                        place(
                            shapes.drop(b * 1.0, b * 0.9),
                            complex(s * (w - 0.6), y),
                            0.5 if s > 0 else 0,
                        ),
                        self.third.rgb,
                    )
                )
        m = 7
        for k in range(m):
            x = -w + (k + 0.5) * 2 * w / m
            for s in (-1, 1):
                shapes_.append(
                    (
                        place(
                            shapes.drop(b * 1.0, b * 0.9),
                            complex(x, s * (h - 0.6)),
                            0.75 if s > 0 else 0.25,
                        ),
                        self.third.rgb,
                    )
                )
        count = 2
        r = min(w - b, (h - b) / count) * 0.84
        for k in range(count):
            at = complex(0, -h + b + (2 * h - 2 * b) * (k + 0.5) / count)
            shapes_ += self._motif(at, r, rng, (self.first.rgb, self.second.rgb, self.third.rgb))
        for k in range(count + 1):
            y = -h + b + (2 * h - 2 * b) * k / count
            for s in (-1, 1):
                at = complex(s * (w - b) * 0.7, max(-h + b + 9, min(h - b - 9, y)))
                shapes_ += [(horn, self.second.rgb) for horn in self._horn(at, w * 0.44, 0.25 * s)]
        edge = spline(
            [
                complex(x, y) + complex(rng.gauss(0, 0.5), rng.gauss(0, 0.5))
                for x, y in _around(w, h, 8)
            ],
            True,
        )
        return [([edge], [(edge, self.second.rgb), *shapes_])]

    def _coasters(self, rng):
        edges, layers = [], []
        rows = 2 if self.count == 4 else 3
        for j in range(rows):
            for i in range(2):
                at = complex((i - 0.5) * 11.7, (j - (rows - 1) / 2) * 11.7) + complex(
                    rng.gauss(0, 0.25), rng.gauss(0, 0.25)
                )
                r = rng.uniform(5.0, 5.4)
                edge = spline(
                    [
                        p + complex(rng.gauss(0, 0.09), rng.gauss(0, 0.09))
                        for p in circle(at, r, 18)
                    ],
                    True,
                )
                k = i + 2 * j
                cycle = [self.base.rgb, self.first.rgb, self.second.rgb, self.third.rgb]
                cycle = cycle[k % 4 :] + cycle[: k % 4]
                edges.append(edge)
                layers += [(edge, cycle[0]), *self._motif(at, r * 0.78, rng, cycle[1:])]
        return [(edges, layers)]

    def _picture(self, rng):
        """A landscape of hills or a bunch of flowers, laid in wool."""
        w, h = self.width / 2, self.height / 2
        edge = spline(
            [
                complex(x, y) + complex(rng.gauss(0, 0.2), rng.gauss(0, 0.2))
                for x, y in _around(w, h, 7)
            ],
            True,
        )
        sky = light(self.base.rgb, 0.35)
        out = [(edge, sky)]
        if self.motif == "swirl":  # hills under a round sun
            out.append((circle(complex(w * 0.35, -h * 0.5), w * 0.28), C.SAFFRON.rgb))
            out.append(
                (
                    self._spiral(complex(w * 0.35, -h * 0.5), w * 0.22, 2, w * 0.05, 0),
                    light(C.SAFFRON.rgb, 0.4),
                )
            )
            for k, c in enumerate((self.first, self.second, self.third, self.base)):
                y = -h * 0.1 + k * h * 0.3
                top = spline(
                    [
                        complex(-w * 1.1 + i * w * 0.44, y + rng.uniform(-0.16, 0.16) * h)
                        for i in range(6)
                    ]
                )
                out.append(
                    (
                        [*top, complex(w * 1.1, h * 1.1), complex(-w * 1.1, h * 1.1)],
                        vary(rng, c.rgb, 10),
                    )
                )
            for k in range(7):
                at = complex(rng.uniform(-0.8, 0.8) * w, rng.uniform(0.45, 0.85) * h)
                out.append(
                    (circle(at, rng.uniform(0.6, 1.1), 18), (self.first, self.second)[k % 2].rgb)
                )
            return [([edge], out)]
        for k in range(5):
            x = (k - 2) * w * 0.29
            head = complex(x * 1.15, -h * (0.42 - 0.12 * abs(k - 2)) + rng.uniform(-1, 1))
            foot = complex(x * 0.3, h * 0.82)
            path = shapes.bezier(foot, foot - 0.4j * h, head + 0.4j * h, head)
            out.append((ribbon(path, 0.75), C.FOREST.rgb))
            for s in (-1, 1):
                blade = place(
                    shapes.leaf(h * 0.34, h * 0.1, 0.4 * s), path[5 + (s > 0)], -0.25 + 0.13 * s
                )
                out.append((blade, vary(rng, C.OLIVE.rgb, 12)))
            inks = [(self.first, self.second, self.third)[(k + d) % 3].rgb for d in range(3)]
            if self.motif == "bloom":
                out += self._bloom(head, w * 0.27, 7, *inks)
            else:
                out += [
                    (p.outline, inks[0] if p.role == "petal" else inks[1])
                    for p in flora.set_at(
                        flora.tulip(), head + 1j * h * 0.16, x / w * 0.12, h * 0.5
                    )
                ]
        return [([edge], out)]

    def _bag(self, rng):
        """A shopping bag with two handles; its motif sits on the front."""
        w, h = self.width / 2, self.height / 2
        top = -h * 0.28
        out = []
        for lift, tone in ((0, dark(self.second.rgb, 0.25)), (1.4, self.second.rgb)):  # handles
            arch = spline(
                [
                    complex(-w * 0.48, top + 4),
                    complex(-w * 0.44, -h * 0.72 + lift),
                    complex(0, -h + 1 + lift),
                    complex(w * 0.44, -h * 0.72 + lift),
                    complex(w * 0.48, top + 4),
                ]
            )
            loop = ribbon(arch, 2.3)
            out.append(([loop], [(loop, tone)]))
        side = [
            complex(w * x, top + (h - top) * y)
            for x, y in ((0.84, 0), (0.9, 0.3), (0.97, 0.7), (0.93, 0.93), (0.8, 1))
        ]
        body = spline([*side, *[complex(-p.real, p.imag) for p in side[::-1]]], True)
        band = [
            complex(-w, top - 1),
            complex(w, top - 1),
            complex(w, top + 3.5),
            complex(-w, top + 3.5),
        ]
        middle = complex(0, top + (h - top) * 0.54)
        layers = [(body, self.base.rgb), (band, self.third.rgb)]
        layers += self._motif(
            middle, w * 0.55, rng, (self.first.rgb, self.second.rgb, self.third.rgb)
        )
        for s in (-1, 1):
            layers += self._bloom(
                complex(s * w * 0.72, h * 0.72),
                w * 0.14,
                5,
                self.first.rgb,
                self.second.rgb,
                self.third.rgb,
            )
        out.append(([body], layers))
        return out

    # The felting --------------------------------------------------------------------------------
    def paint(self, sheet: Sheet, rng):
        plan = type(rng)(f"{self.slug}:{self.seed}:wool")
        sheet.mask = Image.new("L", sheet.size, 0)
        fibres = self._fibres(sheet, rng)
        wool = 0.16 if self.form in ("coasters", "picture", "bag") else 0.3
        for k, (edges, layers) in enumerate(self.pieces(plan)):
            body = self._woolly(sheet, rng, sheet.area(*edges), wool)
            if k:
                sheet.shadow(body, wool * 3, 0.5)
            under = sheet.rgb
            sheet.rgb = Image.new("RGB", sheet.size, layers[0][1])
            with sheet.over() as pen:
                for shape, c in layers:
                    pen.fill(shape, vary(rng, c, 5))
            sheet.rgb = self._wander(sheet, rng, sheet.rgb, wool)
            puff = sheet.grey(
                lambda pen, ls=layers: [
                    (pen.fill(s, 170), pen.line(s, wool * 1.6, 110, closed=True)) for s, _ in ls[1:]
                ],
                130,
            )
            step = max(2, round(sheet.px(wool)))
            sheet.shade(texture.relief(sheet.blur(puff, wool * 1.4), 0.55, step, step * 0.6))
            rim = sheet.blur(body, wool * 2.2)
            sheet.shade(texture.relief(rim, 0.5, max(2, round(sheet.px(wool * 1.6))), step))
            sheet.rgb = Image.composite(sheet.rgb, under, body)
            sheet.mask.paste(255, (0, 0), body)
            self._stray(sheet, rng, edges, layers[0][1], wool)
        sheet.shade(fibres)
        lumps = texture.cloudy(rng, sheet.size, sheet.px(wool * 7, 8), 2)
        sheet.shade(texture.relief(lumps, 0.16, max(2, round(sheet.px(wool * 1.5))), 2))
        sheet.shade(texture.noise(rng, sheet.size, max(1, sheet.px(0.03))), 0.1)

    def _fibres(self, sheet, rng):
        """Fine curly hairs in all directions, as grey."""
        room = 420
        tile = Image.new("L", (room * 2, room * 2), 128)
        d = ImageDraw.Draw(tile)
        long = max(14, min(70, sheet.px(1.3))) * 2
        for _ in range(2600):
            x, y = rng.uniform(0, room * 2), rng.uniform(0, room * 2)
            a, bend = rng.random(), rng.uniform(-0.1, 0.1)
            pts, at = [], complex(x, y)
            for _ in range(4):
                pts.append((at.real, at.imag))
                at += polar(long / 3, a)
                a += bend
            v = rng.choice((70, 92, 165, 190, 205))
            for ox in (0, -room * 2):
                for oy in (0, -room * 2):
                    if pts[0][0] + ox > -long * 2 and pts[0][1] + oy > -long * 2:
                        d.line([(px + ox, py + oy) for px, py in pts], fill=v, width=2)
        return texture.calm(texture.tile(tile.reduce(2), sheet.size), 0.6)

    def _wander(self, sheet, rng, image, wool):
        """The wool creeps while it is rubbed: no line stays straight, no edge sharp."""
        phase = [rng.uniform(0, math.tau) for _ in range(6)]
        a = sheet.px(wool * 0.55)
        k = math.tau / sheet.px(wool * 16)

        def source(x, y):
            return (
                x
                + a * (math.sin(y * k + phase[0]) + 0.6 * math.sin(y * k * 2.7 + x * k + phase[1])),
                y
                + a * (math.sin(x * k + phase[2]) + 0.6 * math.sin(x * k * 2.3 - y * k + phase[3])),
            )

        (image,) = warp([image], sheet.size, source, 48)
        return self._fray(sheet, rng, image, wool)

    def _fray(self, sheet, rng, image, wool):
        """Mix in copies moved by a hair's length, through noise: borders of colour grow hairs."""
        for dx, dy in ((1, 0.6), (-0.8, 1), (0.4, -1)):
            reach = sheet.px(wool * 1.2)
            moved = ImageChops.offset(image, round(dx * reach), round(dy * reach))
            stretch = (5, 1) if abs(dx) > abs(dy) else (1, 5)
            hairs = texture.noise(rng, sheet.size, max(1, sheet.px(0.035)), stretch)
            hairs = hairs.point([255 if v > 178 else 0 for v in range(256)])
            image = Image.composite(moved, image, hairs.filter(ImageFilter.GaussianBlur(0.7)))
        return image

    def _stray(self, sheet, rng, edges, rgb, wool):
        """Single hairs that stand off the edge."""
        hairs = []
        steps = (s for edge in edges for s in shapes.along([*edge, edge[0]], wool * 1.3))
        for at, way in steps:
            out = way * polar(1, rng.choice((-0.25, 0.25)) + rng.uniform(-0.13, 0.13))
            tip = at + out * wool * rng.uniform(1.5, 5)
            hairs.append([at - out * wool, at + out * wool + way * wool * rng.gauss(0, 0.8), tip])
        thin = max(0.012, 0.5 / sheet.scale)
        veil = sheet.grey(lambda pen: [pen.line(h, thin, 150) for h in hairs])
        sheet.lay(light(rgb, 0.15), ImageChops.subtract(veil, sheet.mask))
        sheet.mask = ImageChops.lighter(sheet.mask, veil)

    def _woolly(self, sheet, rng, mask, wool):
        """A mask with the soft, uneven edge of felt."""
        soft = sheet.blur(mask, wool * 0.8)
        rough = texture.cloudy(rng, sheet.size, max(2, sheet.px(wool * 1.2)), 3)
        mixed = ImageChops.add(soft, texture.calm(rough, 0.5), 1, -128)
        return mixed.point([max(0, min(255, round((v - 128) * 3.2 + 128))) for v in range(256)])

    # Words --------------------------------------------------------------------------------------
    def title(self):
        motif = {
            "swirl": ("Sarmal desenli", "swirls"),
            "horn": ("Koçboynuzu desenli", "ram's horns"),
            "bloom": ("Çiçek desenli", "flowers"),
        }[self.motif]
        if self.form == "picture":
            motif = {
                "swirl": ("Tepeler ve güneş desenli", "hills and a sun"),
                "horn": ("Lale desenli", "tulips"),
                "bloom": ("Çiçek desenli", "flowers"),
            }[self.motif]
        a, b = FORMS[self.form]
        return {"tr": f"{motif[0]} {a}", "en": f"{cap(b, 'en')} with {motif[1]}"}

    def materials(self):
        return {
            "tr": "merinos ve koyun yünü, sabun, su",
            "en": "merino and sheep's wool, soap, water",
        }

    def alt(self, view):
        shown = (self.base, self.first, self.second, self.third)
        tr, en = listing(shown, "tr"), listing(shown, "en")
        if view == "detail":
            return {
                "tr": f"Keçenin yakından görünüşü: {tr} yünün birbirine karıştığı yumuşak kenarlı "
                "desenler, yüzeyde ince lifler",
                "en": f"Close view of the felt: soft-edged patterns where {en} wool mingle, fine fibres "
                "on the surface",
            }
        return self._whole(tr, en)

    def _whole(self, tr, en):
        motif_tr, motif_en = {
            "swirl": ("sarmallar", "swirls"),
            "horn": ("koçboynuzu motifleri", "ram's-horn motifs"),
            "bloom": ("yuvarlak çiçekler", "round flowers"),
        }[self.motif]
        tr_count, en_count = {4: ("dört", "Four"), 6: ("altı", "Six")}[self.count]
        return {
            "rug": {
                "tr": f"{cap(tr)} yünden dikdörtgen tepme keçe yaygı; "
                f"ortada alt alta {motif_tr}, kenarlarda dilimli bordür",
                "en": f"Rectangular felt rug in {en} wool; "
                f"{motif_en} one above another in the middle, a scalloped border",
            },
            "coasters": {
                "tr": f"{cap(tr)} yünden {tr_count} yuvarlak keçe bardak altlığı; üzerlerinde {motif_tr}",
                "en": f"{en_count} round felt coasters in {en} wool, with {motif_en} on them",
            },
            "bag": {
                "tr": f"{cap(tr)} yünden iki saplı keçe çanta; "
                f"ön yüzünde {motif_tr}, ağzında {self.third.tr} bant",
                "en": f"Felt bag with two handles in {en} wool; "
                f"{motif_en} on the front, a {self.third.en} band along the top",
            },
            "picture": {
                "tr": f"{cap(tr)} yünle resmedilmiş keçe pano; "
                + {
                    "swirl": "yuvarlak güneşin altında dalga dalga tepeler",
                    "horn": "saplarından yelpaze gibi açılan beş lale",
                    "bloom": "saplarından yelpaze gibi açılan beş çiçek",
                }[self.motif],
                "en": f"Felt picture laid in {en} wool; "
                + {
                    "swirl": "rolling hills under a round sun",
                    "horn": "five tulips fanning out on their stems",
                    "bloom": "five flowers fanning out on their stems",
                }[self.motif],
            },
        }[self.form]


def _around(w, h, n):
    """Points round a rectangle with rounded corners."""
    pts = [(p.real, p.imag) for p in ellipse(0, w, h, 8 * n, 9)]
    return pts
