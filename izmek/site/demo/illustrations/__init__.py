"""Drawn illustrations of handicraft, for a demo that has no photographs to show."""

from PIL import Image

from .cini import Cini
from .ebru import Ebru
from .kilim import Kilim
from .kirkyama import Kirkyama
from .oya import Oya

TECHNIQUES = {c.slug: c for c in (Kilim, Cini, Ebru, Kirkyama, Oya)}


def draw(technique: str, seed: int, *, view: str = "whole", size: int = 1600) -> Image.Image:
    return TECHNIQUES[technique](seed).draw(view, size)
