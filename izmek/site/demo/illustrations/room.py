"""Exhibition rooms: works on the walls and on tables in a village hall, before or at the opening."""

import random

from PIL import Image

from . import colour, studio
from .ahsap import Ahsap
from .canvas import Canvas
from .cini import Cini
from .ebru import Ebru
from .filografi import Filografi
from .furniture import barrier, plinth, table, vase
from .interior import on_floor, on_right, polish, shell, windows
from .kanavice import Kanavice
from .kece import Kece
from .kilim import Kilim
from .kirkyama import Kirkyama
from .vitray import Vitray

C = colour
WALLS = ((238, 229, 212), (226, 222, 206), (233, 220, 205), (219, 224, 220))
FLOORS = ((150, 104, 66), (168, 124, 84), (124, 88, 60))
CLOTHS = (C.WHITE, C.IVORY, C.WHITE, C.MADDER, C.TEAL)


class Hall:
    """The room of a village hall with works on the walls and tables."""

    slug = "hall"
    opening = False

    def __init__(self, seed: int):
        self.seed = seed
        rng = self.rng = random.Random(f"{self.slug}:{seed}")
        self.wall = rng.choice(WALLS)
        self.floor = rng.choice(FLOORS)
        self.cloth = rng.choice(CLOTHS)
        self.hung = rng.sample((Kirkyama, Filografi, Ebru, Kanavice, Vitray), 2)
        self.stood = rng.sample((Cini, Ahsap, Kece, Kanavice), 3)
        self.side = rng.choice((Kilim, Kirkyama))
        self.flip = rng.random() < 0.5  # the windows are on the right

    # The room -----------------------------------------------------------------------------------
    def draw(self, size: int = 1600) -> Image.Image:
        rng = random.Random(f"{self.slug}:{self.seed}:draw")
        c = Canvas(size, self.wall, zoom=1.13, about=600 + 340j, to=600 + 362j)
        shell(c, rng, self.wall, self.floor)
        windows(c, rng)
        self._hang(c, rng)
        polish(c)
        self._tables(c, rng)
        if self.opening:
            barrier(c, rng)
            vase(c, rng, on_floor(850, 0.95) - 6j, 1.5)
        else:
            plinth(c, rng)
        picture = c.image
        if self.flip:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return studio.finish(rng, picture)

    def _cut(self, kind, rng, tall, c):
        """A piece that stands upright well, drawn for this place."""
        piece = kind(rng.randint(1, 400))
        while getattr(piece, "form", "") in ("spoons", "coasters"):
            piece = kind(rng.randint(1, 400))
        return piece.cutout(max(24, round(tall * c.k * 1.1)))

    def _hang(self, c, rng):
        """Three works on the far wall, two on the right one in perspective."""
        plan = [(self.hung[0], 372, 190), (Kilim, 600, 262), (self.hung[1], 828, 190)]
        for kind, x, tall in plan:
            rgb, mask = self._cut(kind, rng, tall, c)
            w = tall * rgb.width / rgb.height
            if w > 200:
                tall, w = tall * 200 / w, 200
            top = 268 - tall / 2
            quad = [
                complex(x - w / 2, top),
                complex(x + w / 2, top),
                complex(x + w / 2, top + tall),
                complex(x - w / 2, top + tall),
            ]
            c.hang(rgb, mask, quad)
            card = complex(x + w / 2 + 8, 268 + tall / 2 - 22)
            c.paint(
                ([card, card + 20, card + 20 + 14j, card + 14j], (250, 248, 242)),
                (
                    [card + 3 + 4j, card + 15 + 4j, card + 15 + 5.5j, card + 3 + 5.5j],
                    (120, 110, 100),
                ),
                (
                    [card + 3 + 8j, card + 12 + 8j, card + 12 + 9.2j, card + 3 + 9.2j],
                    (160, 150, 140),
                ),
            )
        for kind, a, b, y0, y1 in (
            (self.side, 0.12, 0.38, 0.16, 0.66),
            (Ebru, 0.5, 0.68, 0.2, 0.58),
        ):
            rgb, mask = self._cut(kind, rng, 300, c)
            c.hang(
                rgb,
                mask,
                [on_right(a, y0), on_right(b, y0), on_right(b, y1), on_right(a, y1)],
                (-5, 6),
            )

    # Furniture ----------------------------------------------------------------------------------

    def _stand(self, c, rng, kind, foot, tall):
        """A piece leaning on a small stand at `foot` (its middle below)."""
        rgb, mask = self._cut(kind, rng, tall, c)
        w = tall * rgb.width / rgb.height
        if w > tall * 1.5:
            tall, w = tall * 0.78, w * 0.78
        lean = tall * 0.05
        quad = [
            foot + complex(-w / 2 + lean * 0.5, -tall),
            foot + complex(w / 2 - lean * 0.5, -tall),
            foot + w / 2,
            foot - w / 2,
        ]
        c.lay(
            (34, 24, 18),
            [
                foot + complex(-w * 0.42, -4),
                foot + complex(w * 0.5, -4),
                foot + complex(w * 0.56, 9),
                foot + complex(-w * 0.4, 9),
            ],
            5,
            0.5,
        )
        c.hang(rgb, mask, quad, (5, 3), 0.4)

    def _tables(self, c, rng):
        """A long table under the far wall and a nearer one at the left."""
        top = table(c, rng, self.cloth.rgb, 300, 900, 0.3, 0.08, 62)
        across = top[1] - top[0]
        for i, kind in enumerate(
            (self.stood[0], self.stood[1], self.stood[2], self.stood[0], self.stood[1])
        ):
            foot = top[0] + across * (0.1 + 0.2 * i) + (top[3] - top[0]) * 0.62
            self._stand(c, rng, kind, foot, 74 + 8 * (i % 2))
        top = table(c, rng, self.cloth.rgb, 215, 395, 1.05, 0.62, 66)
        for t, kind, tall in ((0.24, self.stood[2], 128), (0.72, self.stood[0], 138)):
            foot = top[0] + (top[1] - top[0]) * t + (top[3] - top[0]) * 0.55
            self._stand(c, rng, kind, foot, tall)

    # Words --------------------------------------------------------------------------------------
    def title(self):
        return {"tr": "Sergi salonu", "en": "Exhibition hall"}

    def alt(self, view: str = "whole"):
        tr = ", ".join(TR[k] for k in (Kilim, *self.hung))
        en = ", ".join(EN[k] for k in (Kilim, *self.hung))
        wood = {150: "kahverengi", 168: "açık kahverengi", 124: "koyu kahverengi"}[self.floor[0]]
        return {
            "tr": f"Pencereli sergi salonu çizimi: duvarlarda {tr}; {self.cloth.tr} örtülü masalarda "
            f"el işleri, {wood} ahşap döşeme üzerinde pencerelerden düşen ışık",
            "en": f"Drawing of an exhibition hall: {en} on the walls, handiwork on tables with "
            f"{self.cloth.en} cloths, daylight on the wooden floor",
        }


TR = {
    Kilim: "kilim",
    Kirkyama: "kırkyama",
    Filografi: "filografi",
    Ebru: "ebru",
    Kanavice: "kanaviçe",
    Vitray: "vitray",
}
EN = {
    Kilim: "a kilim",
    Kirkyama: "patchwork",
    Filografi: "string art",
    Ebru: "marbled paper",
    Kanavice: "cross-stitch",
    Vitray: "stained glass",
}


class Opening(Hall):
    """The same kind of room on the day of the opening, the ribbon still uncut."""

    slug = "opening"
    opening = True

    def title(self):
        return {"tr": "Açılış", "en": "Opening"}

    def alt(self, view: str = "whole"):
        tr = ", ".join(TR[k] for k in (Kilim, *self.hung))
        en = ", ".join(EN[k] for k in (Kilim, *self.hung))
        return {
            "tr": f"Sergi salonu çizimi: pirinç direkler arasında fiyonklu kırmızı kurdele, "
            f"arkada {tr} ve {self.cloth.tr} örtülü masalar, yanda vazoda çiçekler",
            "en": f"Drawing of a hall: a red ribbon with a bow between brass posts, "
            f"behind it {en} and tables with {self.cloth.en} cloths",
        }
