"""A scene's picture: drawn in its own measures, twice as large, and only where something is drawn."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter


class Canvas:
    """A 3:2 picture. Points are complex numbers in a frame of `wide` by `wide` · 2/3; it may be
    drawn closer: `zoom` times larger round the point `about`, which comes to lie on `to`."""

    def __init__(self, size: int, rgb, wide=1200, zoom=1.0, about=0j, to=0j):
        self.k = size / wide * zoom
        self.shift = to * size / wide - about * self.k
        self.size = (size, round(size * 2 / 3))
        self.image = Image.new("RGB", self.size, rgb)

    def at(self, p: complex) -> complex:
        """A point of the frame in pixels."""
        return p * self.k + self.shift

    def box(self, outlines, margin=0.0):
        """The whole pixels (left, upper, right, lower) that hold the outlines; None if outside."""
        px = [self.at(p) for o in outlines for p in o]
        m = margin * self.k + 2
        x0 = max(0, int(min(p.real for p in px) - m))
        y0 = max(0, int(min(p.imag for p in px) - m))
        x1 = min(self.size[0], int(max(p.real for p in px) + m) + 1)
        y1 = min(self.size[1], int(max(p.imag for p in px) + m) + 1)
        return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def _px(self, points, box):
        corner = complex(box[0], box[1])
        return [((q := (self.at(p) - corner) * 2).real, q.imag) for p in points]

    def paint(self, *shapes):
        """Fill (outline, colour) pairs."""
        box = self.box([o for o, _ in shapes])
        if not box:
            return
        part = self.image.crop(box)
        big = part.resize((part.width * 2, part.height * 2), 0)
        d = ImageDraw.Draw(big)
        for outline, rgb in shapes:
            d.polygon(self._px(outline, box), fill=rgb)
        self.image.paste(big.reduce(2), box[:2])

    def area(self, *outlines, soft=0.0, box=None):
        """The mask of some outlines over the whole picture, or over a pixel box."""
        box = box or (0, 0, *self.size)
        big = Image.new("L", ((box[2] - box[0]) * 2, (box[3] - box[1]) * 2))
        d = ImageDraw.Draw(big)
        for outline in outlines:
            d.polygon(self._px(outline, box), fill=255)
        return blurred(big.reduce(2), soft * self.k)

    def lay(self, rgb, outline, soft=0.0, depth=1.0):
        """A plain colour with soft edges: a shadow, a light."""
        box = self.box([outline], soft * 3)
        if box:
            mask = self.area(outline, soft=soft, box=box)
            self.image.paste(rgb, box, mask.point([round(v * depth) for v in range(256)]))

    def hang(self, rgb, mask, quad, shadow=(4, 6), depth=0.5):
        """Put a cut-out on four corners (upper left, upper right, lower right, lower left)."""
        box = self.box([quad], 16)
        if not box:
            return
        size = (box[2] - box[0], box[3] - box[1])
        corner = complex(box[0], box[1])
        corners = [((q := self.at(p) - corner).real, q.imag) for p in quad]
        how = (
            size,
            Image.Transform.PERSPECTIVE,
            perspective(corners, rgb.size),
            Image.Resampling.BILINEAR,
        )
        flat, veil = rgb.transform(*how), mask.transform(*how)
        away = ImageChops.offset(veil, round(shadow[0] * self.k), round(shadow[1] * self.k))
        away = blurred(away, 4 * self.k).point([round(v * depth) for v in range(256)])
        self.image.paste((44, 32, 26), box, away)
        self.image.paste(flat, box, veil)


def blurred(mask, r):
    if r < 0.3:
        return mask
    if r > 6:
        small = mask.reduce(4).filter(ImageFilter.GaussianBlur(r / 4))
        return small.resize(mask.size, Image.Resampling.BILINEAR)
    return mask.filter(ImageFilter.GaussianBlur(r))


def perspective(corners, size):
    """The eight numbers that Pillow wants to bring `size` onto the four corners."""
    w, h = size
    rows = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (w, 0), (w, h), (0, h)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):  # Gauss-Jordan with pivoting
        best = max(range(i, 8), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(8):
            if r != i and rows[r][i]:
                f = rows[r][i]
                rows[r] = [a - f * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[8] for row in rows]
