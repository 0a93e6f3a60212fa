"""The sheet a piece is painted on: measured in centimetres, drawn twice as large and reduced."""

from contextlib import contextmanager

from PIL import Image, ImageDraw, ImageFilter

from . import texture
from .shapes import Points

OVERSAMPLE = 2


class Pen:
    """ImageDraw in centimetres and complex numbers, on an image twice the sheet's size."""

    def __init__(self, sheet: "Sheet", image: Image.Image):
        self.image = image
        self.draw = ImageDraw.Draw(image)
        self.scale = sheet.scale * OVERSAMPLE
        self.x0, self.y0 = sheet.window[0] * self.scale, sheet.window[1] * self.scale

    def px(self, points: Points):
        s, x0, y0 = self.scale, self.x0, self.y0
        return [(p.real * s - x0, p.imag * s - y0) for p in points]

    def fill(self, points: Points, colour) -> None:
        self.draw.polygon(self.px(points), fill=colour)

    def line(self, points: Points, width: float, colour, closed=False, smooth=True) -> None:
        """A line `width` cm wide, at least half a final pixel; not `smooth` is quicker."""
        if closed:
            points = [*points, points[0], points[1]]
        w = max(1, round(width * self.scale))
        self.draw.line(
            self.px(points), fill=colour, width=w, joint="curve" if smooth and w > 3 else None
        )

    def disc(self, at: complex, r: float, colour) -> None:
        x, y, r = at.real * self.scale - self.x0, at.imag * self.scale - self.y0, r * self.scale
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def thread(self, points: Points, width: float, colour) -> None:
        """A line with round ends."""
        self.line(points, width, colour)
        if width * self.scale > 2.5:
            self.disc(points[0], width / 2, colour)
            self.disc(points[-1], width / 2, colour)


class Sheet:
    """An RGB picture `rgb` of the window (x0, y0, x1, y1 in cm) and the piece's outline `mask`.

    `scale` is pixels for a centimetre. `rgb` must make sense a little beyond `mask` too, because
    the studio bends both and lets the edge fall where it may.
    """

    def __init__(self, window, scale: float, colour=(128, 128, 128)):
        self.window = window
        self.scale = scale
        self.size = (
            max(8, round((window[2] - window[0]) * scale)),
            max(8, round((window[3] - window[1]) * scale)),
        )
        self.rgb = Image.new("RGB", self.size, colour)
        self.mask = Image.new("L", self.size, 255)
        self.alight = False  # a lit-up piece (stained glass) throws colour instead of shadow

    def px(self, cm: float, least: float = 0) -> float:
        """Centimetres as pixels, not under `least`."""
        return max(least, cm * self.scale)

    def box(self, x0: float, y0: float, x1: float, y1: float):
        """A rectangle in cm as whole pixels (left, upper, right, lower)."""
        a, b, s = self.window[0], self.window[1], self.scale
        return round((x0 - a) * s), round((y0 - b) * s), round((x1 - a) * s), round((y1 - b) * s)

    @contextmanager
    def over(self):
        """A pen on top of what is painted; what it draws is there when the block ends."""
        big = self.rgb.resize((self.size[0] * OVERSAMPLE, self.size[1] * OVERSAMPLE), 0)
        pen = Pen(self, big)
        yield pen
        self.rgb = pen.image.reduce(OVERSAMPLE)

    def grey(self, paint, ground: int = 0) -> Image.Image:
        """A grey picture (a mask, a height map): `paint(pen)` draws with colours 0-255."""
        big = Image.new("L", (self.size[0] * OVERSAMPLE, self.size[1] * OVERSAMPLE), ground)
        paint(Pen(self, big))
        return big.reduce(OVERSAMPLE)

    def area(self, *outlines: Points) -> Image.Image:
        """The mask of some outlines."""
        return self.grey(lambda pen: [pen.fill(o, 255) for o in outlines])

    def lay(self, what, mask: Image.Image) -> None:
        """Paint an image or a plain colour through a mask."""
        self.rgb.paste(what, (0, 0, *self.size), mask)

    def shade(self, grey: Image.Image, amount: float = 1, mask: Image.Image | None = None) -> None:
        shaded = texture.shade(self.rgb, grey, amount)
        self.rgb = Image.composite(shaded, self.rgb, mask) if mask else shaded

    def shadow(self, mask: Image.Image, reach: float, depth: float = 0.5, lift=(0.6, 0.8)) -> None:
        """The shadow that something with this mask throws on what is already painted (cm)."""
        soft = cast(mask, reach * self.scale, lift)
        dark = Image.new("RGB", self.size, (18, 10, 8))
        self.rgb.paste(dark, (0, 0), soft.point([round(v * depth) for v in range(256)]))

    def blur(self, image: Image.Image, cm: float) -> Image.Image:
        r = cm * self.scale
        if r > 8:
            small = image.reduce(4).filter(ImageFilter.GaussianBlur(r / 4))
            return small.resize(image.size, Image.Resampling.BILINEAR)
        return image.filter(ImageFilter.GaussianBlur(r)) if r > 0.3 else image


def cast(mask: Image.Image, reach: float, lift=(0.6, 0.8)) -> Image.Image:
    """`mask` moved away from the light and blurred by `reach` pixels; small images when it can."""
    k = 4 if reach > 8 else 2 if reach > 3 else 1
    small = mask.reduce(k) if k > 1 else mask
    moved = Image.new("L", small.size, 0)
    moved.paste(small, (round(reach * lift[0] / k), round(reach * lift[1] / k)))
    moved = moved.filter(ImageFilter.GaussianBlur(max(0.4, reach * 0.55 / k)))
    return moved.resize(mask.size, Image.Resampling.BILINEAR) if k > 1 else moved


def spread(sheet: Sheet, picture: Image.Image, x0: float, y0: float, x1: float, y1: float, how=0):
    """`picture` stretched over the rectangle in cm, as an image of the sheet's size.

    Beyond the rectangle its outermost pixels go on. `how` is a resampling filter for transform().
    """
    w, h = picture.size
    room = 64
    padded = Image.new(picture.mode, (w + 2 * room, h + 2 * room))
    padded.paste(picture.crop((0, 0, 1, h)).resize((room, h)), (0, room))
    padded.paste(picture.crop((w - 1, 0, w, h)).resize((room, h)), (w + room, room))
    padded.paste(picture, (room, room))
    wide = w + 2 * room
    padded.paste(padded.crop((0, room, wide, room + 1)).resize((wide, room)), (0, 0))
    padded.paste(padded.crop((0, h + room - 1, wide, h + room)).resize((wide, room)), (0, h + room))
    kx, ky = w / (x1 - x0), h / (y1 - y0)
    a, c = kx / sheet.scale, (sheet.window[0] - x0) * kx + room
    e, f = ky / sheet.scale, (sheet.window[1] - y0) * ky + room
    return padded.transform(sheet.size, Image.Transform.AFFINE, (a, 0, c, 0, e, f), how)
