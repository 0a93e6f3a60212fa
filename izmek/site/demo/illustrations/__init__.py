"""Drawn illustrations of handicraft, for a demo that has no photographs to show.

Every picture, its title and its description follow from a technique (or the kind of a scene) and a
seed alone: the same seed gives the same bytes. They are drawings, and are to be called illustrations
wherever they appear. Neighbouring seeds differ in form and colours.

    image = draw("kilim-dokuma", 7)
    turkish, english = describe("kilim-dokuma", 7)
"""

from PIL import Image

from .ahsap import Ahsap
from .centre import Centre
from .cini import Cini
from .ebru import Ebru
from .filografi import Filografi
from .kanavice import Kanavice
from .kece import Kece
from .kilim import Kilim
from .kirkyama import Kirkyama
from .oya import Oya
from .piece import VIEWS, Piece
from .room import Hall, Opening
from .vitray import Vitray

TECHNIQUES: dict[str, type[Piece]] = {
    c.slug: c for c in (Kilim, Cini, Ebru, Kirkyama, Oya, Filografi, Kece, Ahsap, Kanavice, Vitray)
}
SCENES = {c.slug: c for c in (Hall, Opening, Centre)}


def draw(technique: str, seed: int, *, view: str = "whole", size: int = 1600) -> Image.Image:
    """An RGB picture of a work, its long side `size` pixels; `view` is "whole" or "detail".

    Raises KeyError for an unknown technique, ValueError for an unknown view.
    """
    if view not in VIEWS:
        raise ValueError(f"no such view: {view!r}")
    return TECHNIQUES[technique](seed).draw(view, size)


def draw_scene(kind: str, seed: int, *, size: int = 1600) -> Image.Image:
    """A room ("hall"; "opening": on its first day) or a building ("centre"), 3:2, no people.

    Raises KeyError for an unknown kind.
    """
    return SCENES[kind](seed).draw(size)


def describe(what: str, seed: int, view: str = "whole") -> tuple[str, str]:
    """The alt text, Turkish and English, of what draw() or draw_scene() makes of this seed."""
    return _both(_made(what, seed).alt(view))


def title(what: str, seed: int) -> tuple[str, str]:
    """A title in Turkish and in English."""
    return _both(_made(what, seed).title())


def materials(technique: str, seed: int) -> tuple[str, str]:
    """What the work would be made of, in Turkish and in English."""
    return _both(TECHNIQUES[technique](seed).materials())


def size_cm(technique: str, seed: int) -> tuple[int, int]:
    """Width and height of the work in whole centimetres."""
    piece = TECHNIQUES[technique](seed)
    return round(piece.width), round(piece.height)


def _made(what: str, seed: int):
    return (TECHNIQUES[what] if what in TECHNIQUES else SCENES[what])(seed)


def _both(words: dict[str, str]) -> tuple[str, str]:
    return words["tr"], words["en"]
