"""What every drawn piece shares: it is planned from its seed, then painted, then described."""

import random

from PIL import Image

from . import studio
from .sheet import Sheet

VIEWS = ("whole", "detail")


class Piece:
    """One imagined work. A technique is a subclass; an instance is the piece that a seed stands for.

    A subclass plans in `plan` (all choices that words depend on), paints in `paint` and speaks in
    `title`, `alt` and `materials`: what is said is what was planned, so it is true of the picture.
    """

    slug: str
    name: dict[str, str]
    frames = ((4, 5), (1, 1), (4, 5), (3, 4))
    grounds = (studio.CHALK, studio.SAND, studio.CLAY, studio.SAGE)
    margin = 0.1  # free room around the whole piece, as a share of the frame
    lift = 0.008  # how far it stands off its background
    depth = 0.55  # how dark its shadow is
    thick = 0.6  # how clearly its edge catches the light
    wave = 0.0  # how softly it hangs, as a share of the long side
    turn = 1.2  # degrees that a photographer may be off
    bleeds = False  # the piece runs out of the frame even in the whole view

    # Set by plan()
    width: float  # cm
    height: float  # cm

    def __init__(self, seed: int):
        self.seed = seed
        self.rng = random.Random(f"{self.slug}:{seed}")
        self.frame = self.rng.choice(self.frames)
        self.ground = self.rng.choice(self.grounds)
        self.plan(self.rng)

    # What a subclass fills in
    def plan(self, rng: random.Random) -> None:
        raise NotImplementedError

    def paint(self, sheet: Sheet, rng: random.Random) -> None:
        raise NotImplementedError

    def title(self) -> dict[str, str]:
        raise NotImplementedError

    def alt(self, view: str) -> dict[str, str]:
        raise NotImplementedError

    def materials(self) -> dict[str, str]:
        raise NotImplementedError

    # What a subclass may change
    def extent(self) -> tuple[float, float, float, float]:
        """What the piece covers, fringes included, in cm around its middle."""
        return (-self.width / 2, -self.height / 2, self.width / 2, self.height / 2)

    def focus(self, rng: random.Random) -> tuple[complex, float]:
        """Where the detail looks and how many cm wide its frame is."""
        return complex(0, 0), self.width * 0.4

    # What all do alike
    def pick(self, what: str, options):
        """One of the options, going round: pieces of neighbouring seeds do not look alike."""
        order = list(options)
        random.Random(f"{self.slug}:{what}").shuffle(order)
        return order[self.seed % len(order)]

    def cutout(self, tall: int):
        """The whole piece alone, `tall` pixels high: its picture and its mask."""
        x0, y0, x1, y1 = self.extent()
        sheet = Sheet((x0, y0, x1, y1), tall / (y1 - y0))
        self.paint(sheet, random.Random(f"{self.slug}:{self.seed}:whole"))
        return sheet.rgb, sheet.mask

    def draw(self, view: str, size: int) -> Image.Image:
        rng = random.Random(f"{self.slug}:{self.seed}:{view}")
        a, b = self.frame if view == "whole" else rng.choice(((1, 1), (5, 4), (4, 5)))
        frame = (size, round(size * b / a)) if a >= b else (round(size * a / b), size)
        x0, y0, x1, y1 = self.extent()
        turn = rng.uniform(-self.turn, self.turn)
        room = min(
            frame[0] * (1 - 2 * self.margin) / (x1 - x0),
            frame[1] * (1 - 2 * self.margin) / (y1 - y0),
        )
        if view == "whole":
            scale, centre, zoom = room, complex((x0 + x1) / 2, (y0 + y1) / 2), 1
            pad = 0.02 * (x1 - x0)
            if self.bleeds:
                wide, high = frame[0] / scale * 0.56, frame[1] / scale * 0.56
                x0, x1 = centre.real - wide, centre.real + wide
                y0, y1 = centre.imag - high, centre.imag + high
            window = (x0 - pad, y0 - pad, x1 + pad, y1 + pad)
        else:
            centre, wide = self.focus(rng)
            scale, zoom = frame[0] / wide, frame[0] / wide / room
            turn *= 3
            half_w, half_h = wide * 0.58, wide * frame[1] / frame[0] * 0.58
            window = (
                centre.real - half_w,
                centre.imag - half_h,
                centre.real + half_w,
                centre.imag + half_h,
            )
        sheet = Sheet(window, scale)
        self.paint(sheet, rng)
        wave = self.wave * size * (1 if view == "whole" else 0.5)
        rgb, mask = studio.bent(rng, sheet, frame, centre, turn, wave, 0.02)
        back = studio.ground(*self.ground, rng, frame, zoom)
        if sheet.alight:
            back = studio.stain(back, rgb, mask, 0.07 * size)
        lift = self.lift * (1 if view == "whole" else zoom**0.7)
        out = studio.compose(back, rgb, mask, lift=lift, depth=self.depth, thick=self.thick)
        return studio.finish(rng, out)
