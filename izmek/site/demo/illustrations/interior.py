"""A room in one-point perspective: walls, floor, windows. Measures are in a frame of 1200 by 800."""

import itertools

from PIL import Image, ImageChops, ImageFilter

from . import texture
from .colour import dark, light, mix, vary

EYE = 600 + 330j  # where the lines of the room run together
BACK = (250, 120, 950, 500)  # the far wall: left, top, right, floor


def on_left(t, y):
    """A point of the left wall: t 0 at the far corner, 1 at the frame; y 0 top, 1 floor."""
    x0, y0, _, y1 = BACK
    far_top, far_low = complex(x0, y0), complex(x0, y1)
    near_top = EYE + (far_top - EYE) * (1 / (1 - 0.42 * t))
    near_low = EYE + (far_low - EYE) * (1 / (1 - 0.42 * t))
    return near_top + (near_low - near_top) * y


def on_right(t, y):
    p = on_left(t, y)
    return complex(2 * EYE.real - p.real, p.imag)


def on_floor(x, t):
    """A point of the floor: x in the far wall's measures, t 0 at the far wall, growing to us."""
    far = complex(x, BACK[3])
    return EYE + (far - EYE) * (1 / (1 - 0.42 * t))


def shell(c, rng, wall, floor_rgb):
    x0, y0, x1, y1 = BACK
    far = [complex(x0, y0), complex(x1, y0), complex(x1, y1), complex(x0, y1)]
    left = [on_left(0, 0), on_left(0, 1), on_left(1.6, 1), on_left(1.6, 0)]
    right = [on_right(0, 0), on_right(0, 1), on_right(1.6, 1), on_right(1.6, 0)]
    ceiling = [on_left(0, 0), on_right(0, 0), on_right(1.6, 0), on_left(1.6, 0)]
    floor = [on_left(0, 1), on_right(0, 1), on_right(1.6, 1), on_left(1.6, 1)]
    planks = [(floor, floor_rgb)]
    n = 26
    for i in range(n):
        a, b = x0 + (x1 - x0) * i / n, x0 + (x1 - x0) * (i + 1) / n
        cuts = sorted({0.0, 1.6, rng.uniform(0.1, 0.6), rng.uniform(0.6, 1.2)})
        for s, t in itertools.pairwise(cuts):
            tone = vary(rng, mix(floor_rgb, (90, 58, 36), rng.random() * 0.35), 6)
            planks.append(([on_floor(a, s), on_floor(b, s), on_floor(b, t), on_floor(a, t)], tone))
    beams = [(ceiling, light(wall, 0.45))]
    for t in (0.12, 0.5, 0.85, 1.15):
        a, b = t, t + 0.05
        beams.append(
            (
                [on_left(a, 0), on_right(a, 0), on_right(b, 0), on_left(b, 0)],
                dark(floor_rgb, 0.2),
            )
        )
        beams.append(
            (
                [on_left(b, 0), on_right(b, 0), on_right(b, 0) + 7j, on_left(b, 0) + 7j],
                dark(floor_rgb, 0.45),
            )
        )
    dado = dark(mix(wall, floor_rgb, 0.35), 0.05)
    skirt = dark(floor_rgb, 0.4)
    c.paint(
        *beams,
        (far, wall),
        (left, light(wall, 0.12)),
        (right, dark(wall, 0.07)),
        *planks,
        ([complex(x0, y1 - 12), complex(x1, y1 - 12), complex(x1, y1), complex(x0, y1)], skirt),
        ([on_left(0, 0.97), on_left(1.6, 0.97), on_left(1.6, 1), on_left(0, 1)], skirt),
        (
            [on_right(0, 0.97), on_right(1.6, 0.97), on_right(1.6, 1), on_right(0, 1)],
            dark(skirt, 0.2),
        ),
        (
            [
                complex(x0, y1 - 16),
                complex(x1, y1 - 16),
                complex(x1, y1 - 12),
                complex(x0, y1 - 12),
            ],
            dado,
        ),
    )
    corners = c.area(far)
    c.image = texture.shade(c.image, texture.cloudy(rng, c.size, 90 * c.k, 3), 0.06)
    # corners of a room are darker, and pools of light lie on the far wall
    soft = ImageChops.subtract(c.area(far, soft=26), corners.point([v // 2 for v in range(256)]))
    edge = ImageChops.multiply(soft, corners.point([round((255 - v) / 4) for v in range(256)]))
    c.image.paste((70, 54, 40), (0, 0, *c.size), edge)
    pools = Image.new("L", c.size, 96)
    for x in (380, 600, 820):
        at = c.at(complex(x, 215))
        spot = texture.spot(c.size, (at.real / c.size[0], at.imag / c.size[1]), 0.23, 96, 176)
        pools = ImageChops.lighter(pools, spot)
    lit = texture.shade(c.image, pools, 0.55)
    c.image.paste(lit, (0, 0), corners)


def windows(c, rng):
    """Tall windows on the left with a garden behind them, and their light on the floor."""
    shapes, glow, beams = [], [], []
    frame = (246, 243, 236)
    for a, b in ((0.1, 0.3), (0.4, 0.58), (0.68, 0.84)):

        def q(t, y, a=a, b=b):
            return on_left(a + (b - a) * t, y)

        outer = [q(-0.05, 0.14), q(1.05, 0.14), q(1.05, 0.66), q(-0.05, 0.66)]
        shapes.append((outer, dark(frame, 0.12)))
        for i in range(2):
            for j in range(3):
                s, t = 0.03 + i * 0.49, 0.03 + i * 0.49 + 0.45
                y, z = 0.16 + j * 0.165, 0.16 + j * 0.165 + 0.15
                pane = [q(s, y), q(t, y), q(t, z), q(s, z)]
                sky = mix((206, 226, 238), (238, 244, 240), rng.random() * 0.6)
                shapes.append((pane, sky if j < 2 else (166, 190, 138)))
                if j == 1:
                    shapes.append(
                        (
                            [
                                q(s, z - 0.06),
                                q(t, z - 0.03 - 0.03 * rng.random()),
                                q(t, z),
                                q(s, z),
                            ],
                            (140, 170, 120),
                        )
                    )
                glow.append(pane)
        shapes.append(([q(-0.1, 0.66), q(1.1, 0.66), q(1.12, 0.69), q(-0.12, 0.69)], frame))
        x = 330
        beams.append(
            [
                on_floor(x, a + 0.12),
                on_floor(x + 130, a + 0.3),
                on_floor(x + 130, b + 0.3),
                on_floor(x, b + 0.12),
            ]
        )
    c.paint(*shapes)
    bloom = c.area(*glow, soft=22)
    c.image = ImageChops.screen(
        c.image,
        Image.merge(
            "RGB", [bloom.point([round(v * f) for v in range(256)]) for f in (0.42, 0.4, 0.34)]
        ),
    )
    light_ = c.area(*beams, soft=5)
    warm = [light_.point([round(v * f) for v in range(256)]) for f in (0.3, 0.27, 0.2)]
    c.image = ImageChops.screen(c.image, Image.merge("RGB", warm))


def polish(c):
    """The floor mirrors the walls faintly."""
    y = round(c.at(1j * BACK[3]).imag)
    low = c.size[1] - y
    mirror = c.image.crop((0, y - low, c.size[0], y)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror = mirror.reduce(4).filter(ImageFilter.GaussianBlur(2.2 * c.k)).resize((c.size[0], low))
    fade = texture.gradient((c.size[0], low), (74, 74, 18, 18))
    floor = c.area([on_left(0, 1), on_right(0, 1), on_right(1.6, 1), on_left(1.6, 1)]).crop(
        (0, y, c.size[0], c.size[1])
    )
    c.image.paste(mirror, (0, y), ImageChops.multiply(fade, floor))
