"""Drawn illustrations of handicraft, for a demo that has no photographs to show.

Every picture, its title and its description follow from a technique and a seed alone: the same seed
gives the same bytes. They are drawings and are to be called illustrations wherever they appear.
"""

from PIL import Image

from .ahsap import Ahsap
from .cini import Cini
from .ebru import Ebru
from .filografi import Filografi
from .kanavice import Kanavice
from .kece import Kece
from .kilim import Kilim
from .kirkyama import Kirkyama
from .oya import Oya
from .piece import VIEWS, Piece
from .vitray import Vitray

TECHNIQUES: dict[str, type[Piece]] = {
    c.slug: c for c in (Kilim, Cini, Ebru, Kirkyama, Oya, Filografi, Kece, Ahsap, Kanavice, Vitray)
}


def draw(technique: str, seed: int, *, view: str = "whole", size: int = 1600) -> Image.Image:
    """An RGB picture, its long side `size` pixels; `view` is "whole" or "detail".

    Raises KeyError for an unknown technique, ValueError for an unknown view.
    """
    if view not in VIEWS:
        raise ValueError(f"no such view: {view!r}")
    return TECHNIQUES[technique](seed).draw(view, size)


def describe(technique: str, seed: int, view: str = "whole") -> tuple[str, str]:
    """The alt text in Turkish and in English: what the picture of this seed shows."""
    words = TECHNIQUES[technique](seed).alt(view)
    return words["tr"], words["en"]


def title(technique: str, seed: int) -> tuple[str, str]:
    """A title for the work in Turkish and in English."""
    words = TECHNIQUES[technique](seed).title()
    return words["tr"], words["en"]


def materials(technique: str, seed: int) -> tuple[str, str]:
    """What the work would be made of, in Turkish and in English."""
    words = TECHNIQUES[technique](seed).materials()
    return words["tr"], words["en"]


def size_cm(technique: str, seed: int) -> tuple[int, int]:
    """Width and height of the work in whole centimetres."""
    piece = TECHNIQUES[technique](seed)
    return round(piece.width), round(piece.height)
