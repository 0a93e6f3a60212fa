"""The drawings, made and stored by processes of their own while the rows are being written."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

import django

from exhibitions.models import Photo
from exhibitions.services import delete_folder, store_photo
from izmek.media.photos import CleanPhoto
from izmek.site.demo import illustrations

CREDIT = "Çizim (tanıtım verisi) / Illustration (demo data)"


@dataclass(frozen=True)
class Drawing:
    """A drawing that `illustrations` can make: of a work of a craft, or of a scene."""

    what: str
    seed: int
    view: str = "whole"


def store(drawing: Drawing, size: int) -> Photo:
    """Draw it, its long side `size` pixels (less for a detail), and store its files, but no row."""
    if drawing.what in illustrations.SCENES:
        image = illustrations.draw_scene(drawing.what, drawing.seed, size=size)
    else:
        if drawing.view == "detail":
            size = size * 4 // 5
        image = illustrations.draw(drawing.what, drawing.seed, view=drawing.view, size=size)
    return store_photo(clean=CleanPhoto(image))


class Studio:
    """Gives the stored photo of an ordered drawing when it is asked for."""

    def __init__(self, drawings, size, pool=None):
        self.size, self.pool = size, pool
        # What is ordered first is ready first.
        self.ordered = {
            drawing: pool.submit(store, drawing, size) if pool else None for drawing in drawings
        }
        self.stored = []

    def __contains__(self, drawing):
        return drawing in self.ordered

    def take(self, drawing) -> Photo:
        coming = self.ordered[drawing]
        photo = coming.result() if coming else store(drawing, self.size)
        self.stored.append(photo)
        return photo

    def clear(self):
        """Remove the files of every drawing, taken or not."""
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
            self.stored = [
                coming.result()
                for coming in self.ordered.values()
                if not coming.cancelled() and not coming.exception()
            ]
        for photo in self.stored:
            delete_folder(photo.folder)


@contextmanager
def studio(drawings, size, processes) -> Iterator[Studio]:
    """A studio with that many processes (0: this one). When its block fails, no file is left."""
    pool = None
    if processes:
        # A fresh interpreter each, which has no connection to the database to share.
        pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=django.setup)
    made = Studio(drawings, size, pool)
    try:
        yield made
    except BaseException:
        made.clear()
        raise
    finally:
        if pool:
            pool.shutdown()
