"""The drawings, made and stored by processes of their own while the rows are being written."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

import django

from exhibitions.models import Photo
from exhibitions.services import delete_folder, store_photo
from izmek.photos import CleanPhoto
from izmek.site.demo import illustrations

CREDIT = "Çizim (tanıtım verisi) / Illustration (demo data)"


@dataclass(frozen=True)
class Drawing:
    """A drawing that `illustrations` can make: of a technique, or ("scene") of a place."""

    technique: str
    seed: int
    view: str = "whole"


def store(drawing: Drawing, size: int) -> Photo:
    """Draw it, its long side `size` pixels, and store every file of the photo (no row yet)."""
    if drawing.technique == "scene":
        image = illustrations.draw_scene(drawing.view, drawing.seed, size=size)
    else:
        image = illustrations.draw(drawing.technique, drawing.seed, view=drawing.view, size=size)
    return store_photo(clean=CleanPhoto(image))


class Studio:
    """Gives the stored photo of a drawing when it is asked for; remembers what it has stored."""

    def __init__(self, size, pool=None):
        self.size, self.pool = size, pool
        self.coming = {}
        self.stored = []

    def order(self, drawings):
        """Begin to draw: what is ordered first is ready first."""
        if self.pool:
            self.coming = {
                drawing: self.pool.submit(store, drawing, self.size) for drawing in drawings
            }

    def take(self, drawing) -> Photo:
        future = self.coming.get(drawing)
        photo = future.result() if future else store(drawing, self.size)
        self.stored.append(photo)
        return photo

    def clear(self):
        """Remove every file again, those not yet asked for included."""
        for future in self.coming.values():
            future.cancel()
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
        done = [f.result() for f in self.coming.values() if f.done() and not f.cancelled()]
        for photo in {*self.stored, *done}:
            delete_folder(photo.folder)


@contextmanager
def studio(size, processes) -> Iterator[Studio]:
    """A studio with that many processes (0: this one). When its block fails, no file is left."""
    pool = None
    if processes:
        # A fresh interpreter each, which has no connection to the database to share.
        pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=django.setup)
    drawings = Studio(size, pool)
    try:
        yield drawings
    except BaseException:
        drawings.clear()
        raise
    finally:
        if pool:
            pool.shutdown()
