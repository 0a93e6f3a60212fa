"""Surfaces made of seeded noise. Pillow's own effect_noise cannot be seeded, so none of it here.

Every function takes a `random.Random` and a pixel size and returns an image of that size; grey
ones are centred on 128, so that `shade` leaves the mean brightness alone.
"""

import math

from PIL import Image, ImageChops, ImageFilter

GRAIN = 512  # fine noise is one such square, tiled: nobody sees the repeat


def noise(rng, size, cell: float = 1, stretch: tuple[float, float] = (1, 1)) -> Image.Image:
    """Grey noise with lumps of about `cell` pixels, drawn out by `stretch` (x, y)."""
    cx, cy = cell * stretch[0], cell * stretch[1]
    w, h = size
    if cx <= 1 and cy <= 1:
        return tile(Image.frombytes("L", (GRAIN, GRAIN), rng.randbytes(GRAIN * GRAIN)), size)
    nw, nh = max(2, math.ceil(w / cx) + 1), max(2, math.ceil(h / cy) + 1)
    small = Image.frombytes("L", (nw, nh), rng.randbytes(nw * nh))
    box = (0, 0, min(nw, w / cx), min(nh, h / cy))
    return small.resize(size, Image.Resampling.BICUBIC, box=box)


def tile(square: Image.Image, size) -> Image.Image:
    """The square repeated over the whole size: a row by doubling, then the rows by doubling."""
    out = Image.new(square.mode, size)
    out.paste(square, (0, 0))
    w, h = square.size
    while w < size[0]:
        out.paste(out.crop((0, 0, w, square.height)), (w, 0))
        w *= 2
    while h < size[1]:
        out.paste(out.crop((0, 0, size[0], h)), (0, h))
        h *= 2
    return out


def cloudy(rng, size, cell: float, octaves: int = 3) -> Image.Image:
    """Several sizes of lumps over one another."""
    out = noise(rng, size, cell)
    for i in range(1, octaves):
        out = Image.blend(out, noise(rng, size, max(1, cell / 2**i)), 0.4)
    return out


def centred(grey: Image.Image) -> Image.Image:
    """Shifted so that its mean is 128."""
    histogram = grey.histogram()
    mean = sum(v * n for v, n in enumerate(histogram)) / sum(histogram)
    return grey.point([max(0, min(255, round(v + 128 - mean))) for v in range(256)])


def calm(grey: Image.Image, amount: float) -> Image.Image:
    """Contrast about 128 multiplied by `amount`."""
    return grey.point([max(0, min(255, round(128 + (v - 128) * amount))) for v in range(256)])


def shade(rgb: Image.Image, grey: Image.Image, amount: float = 1) -> Image.Image:
    """Brighten where grey is over 128, darken where it is under."""
    if amount != 1:
        grey = calm(grey, amount)
    return ImageChops.hard_light(rgb, Image.merge("RGB", (grey, grey, grey)))


def relief(height: Image.Image, strength: float = 1, step: int = 1, soft: float = 0) -> Image.Image:
    """The light that falls on a height map from the upper left, as grey around 128.

    A wide `step` (pixels) is for soft forms; those are reckoned on a smaller image.
    """
    k = 4 if step >= 8 else 1
    small = height.reduce(k) if k > 1 else height
    moved = ImageChops.offset(small, round(step / k), round(step / k))
    out = ImageChops.subtract(small, moved, 1 / strength, 128)
    if soft / k >= 0.3:
        out = out.filter(ImageFilter.GaussianBlur(soft / k))
    return out.resize(height.size, Image.Resampling.BILINEAR) if k > 1 else out


def weave(rng, size, pitch: float, contrast: float = 0.25) -> Image.Image:
    """Plain weave: threads over and under, each a little different."""
    p = max(2, round(pitch))
    cell = Image.new("L", (2 * p, 2 * p))
    px = cell.load()
    for y in range(2 * p):
        for x in range(2 * p):
            over = (x // p + y // p) % 2
            u = ((x % p) + 0.5) / p * 2 - 1
            v = ((y % p) + 0.5) / p * 2 - 1
            across, along = (v, u) if over else (u, v)
            px[x, y] = round(255 * max(0, 1 - across * across) ** 0.5 * (1 - 0.45 * along * along))
    base = tile(centred(cell), size)
    slubs = Image.blend(noise(rng, size, p, (14, 1)), noise(rng, size, p, (1, 14)), 0.5)
    return calm(Image.blend(base, slubs, 0.42), contrast * 1.7)


def twill(size, pitch: float) -> Image.Image:
    """Diagonal ribs."""
    p = max(4, round(pitch))
    cell = Image.new("L", (p, p))
    cell.putdata(
        [round(128 + 90 * math.sin((x + y) / p * math.tau)) for y in range(p) for x in range(p)]
    )
    return tile(cell, size)


def wood(rng, size, rgb, pitch: float = 14, vertical: bool = False, planks: int = 0) -> Image.Image:
    """Planed wood of the given colour, grain along the long way; `planks` boards side by side."""
    w, h = size[::-1] if vertical else size
    rings = Image.blend(
        noise(rng, (w, h), pitch * 4, (22, 1)), noise(rng, (w, h), pitch, (50, 1)), 0.3
    )
    # folding the noise makes the thin dark lines of late wood
    rings = rings.point([round(128 + 90 * math.sin(v / 255 * math.tau * 3)) for v in range(256)])
    pores = noise(rng, (w, h), max(1.2, pitch * 0.12), (18, 1))
    grain = Image.blend(rings, pores, 0.45)
    if planks:
        tone = Image.new("L", (1, planks))
        tone.putdata([rng.randint(70, 186) for _ in range(planks)])
        grain = Image.blend(grain, tone.resize((w, h), 0), 0.35)
        for i in range(1, planks):
            y = round(h * i / planks)
            grain.paste(20, (0, y, w, y + max(2, h // 500)))
    if vertical:
        grain = grain.transpose(Image.Transpose.TRANSPOSE)
    return shade(Image.new("RGB", size, rgb), grain, 0.3)


def gradient(size, corners) -> Image.Image:
    """A smooth grey between four corner values (upper left, upper right, lower left, right)."""
    small = Image.new("L", (2, 2))
    small.putdata([round(c) for c in corners])
    return small.resize(size, Image.Resampling.BICUBIC, box=(0.5, 0.5, 1.5, 1.5))


def spot(size, centre: tuple[float, float], reach: float, low: int, high: int) -> Image.Image:
    """A round glow: `high` at the centre (shares of the size), `low` at `reach` × the long side."""
    w, h = size
    r = max(4, round(reach * max(size)))
    ball = Image.radial_gradient("L").resize((2 * r, 2 * r), Image.Resampling.BILINEAR)
    ball = ball.point([round(high + (low - high) * min(1, v / 255) ** 1.5) for v in range(256)])
    out = Image.new("L", size, low)
    out.paste(ball, (round(centre[0] * w) - r, round(centre[1] * h) - r))
    return out
