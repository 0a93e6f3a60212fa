"""A worker killed in the middle of a list, papers, a catalogue, a photo: another makes it whole, once."""

import os
import random
import signal
import time
from dataclasses import dataclass

from tests.faults.test_workers import status, until, worker

# Each prints the key of its row; the task is the one that was ordered last.
LIST = """
from datetime import date, timedelta
from izmek.acts import imports
from tests.sheets import messy
def name(n): return "Deneme" + "".join("abcdefghij"[int(digit)] for digit in str(n))
first, born = %(first)d, date(1950, 1, 1)
people = [
    [messy.number_of(n), "Zeynep", name(n), born + timedelta(17 * (n - first)), f"0555 2{n %% 10**6:06}"]
    for n in range(first, first + %(count)d)
]
taken = imports.take(
    kind="trainees", data=messy.xlsx([messy.HEADINGS[:-1], *people]), name="a.xlsx", by=None
)
imports.check(row=taken, at_once=True)
imports.write(row=taken)
print(taken.pk)
"""
PAPERS = """
from django.contrib.auth import get_user_model
from exhibitions.models import Exhibition
from izmek.acts import jobs
from trainees.models import Certificate
manager = get_user_model().objects.get(username="yonetici")
year = Certificate.objects.printable().first().enrolment.course.term.year
options = {"paper": "belgeler", "centre": None, "course": None, "waiting": False, "offset": None}
print(jobs.order(kind="certificates", about=year, by=manager, options=options).pk)
"""
CATALOGUE = """
from django.core.files.storage import default_storage
from exhibitions.models import Exhibition
from exhibitions.papers.catalogue import FOLDER, build_catalogue, files_in
shown = Exhibition.objects.public().latest("pk")
for path in files_in(f"{FOLDER}/{shown.pk}-tr"): default_storage.delete(path)
build_catalogue.enqueue(shown.pk, "tr")
print(shown.pk)
"""
PHOTO = """
from exhibitions.models import Photo
from exhibitions.services import make_sizes
photo = Photo.objects.filter(has_sizes=True).order_by("-width").first()
Photo.objects.filter(pk=photo.pk).update(has_sizes=False)
make_sizes.enqueue(str(photo.pk))
print(photo.pk)
"""
# Each prints what is there.
LIST_IS = """
from izmek.models import SheetImport
from trainees.models import Identity, Trainee
there = SheetImport.objects.get(pk=%(key)s)
made = Trainee.objects.filter(last_name__startswith="Deneme", phone__startswith="+905552")
made = made.filter(pk__gt=%(before)d)
print(there.state, made.count(), made.values("last_name").distinct().count())
print(there.rows.filter(state="written").count(), Trainee.history.filter(id__gt=%(before)d).count())
"""
PAPERS_ARE = """
from izmek.acts import jobs
from izmek.models import Job
job = Job.objects.get(pk=%(key)s)
content = jobs.hand_out(job=job).read()
print(job.state, content[:5].decode(), content.rstrip()[-5:].decode())
print(len(jobs.default_storage.listdir(jobs.FOLDER)[1]) - Job.objects.exclude(file="").count())
"""
CATALOGUE_IS = """
from django.utils import translation
from exhibitions.models import Exhibition
from exhibitions.papers.catalogue import Catalogue, files_in
with translation.override("tr"):
    made = Catalogue(Exhibition.objects.get(pk=%(key)s))
    print(made.ready is not None and made.ready.pages > 1, len(files_in(made.folder)))
"""
PHOTO_IS = """
from django.core.files.storage import default_storage
from exhibitions.models import Photo
from izmek.media.photos import rendition_names
photo = Photo.objects.get(pk="%(key)s")
_folders, files = default_storage.listdir(photo.folder)
print(photo.has_sizes, set(files) == set(rendition_names(photo.width)), len(files) == len(set(files)))
"""
TASK = "SELECT id FROM django_tasks_database_dbtaskresult ORDER BY enqueued_at DESC LIMIT 1"
ROWS = 300


@dataclass
class Work:
    order: str
    look: str
    expected: list
    is_under_way: object = None  # (town, key): whether some of it is written

    def begin(self, town):
        """Order it and kill who works on it."""
        for _attempt in range(4):
            # Of people who are known by now there would be nothing to write.
            facts = new_people(town)
            self.facts = facts | {"key": town.python(self.order % facts).split()[-1]}
            self.task = town.postgres.ask(TASK)[0][0]
            process = town.worker()
            try:
                until(lambda: status(town, self.task)[0] == "RUNNING", 60)
                if self.is_under_way:
                    until(lambda: self.is_under_way(town, self.facts["key"]), 60)
            except AssertionError as error:
                log = (town.folder / "worker.log").read_text()
                error.add_note(f"{status(town, self.task)}\n{log[-3000:]}")
                raise
            finally:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            if status(town, self.task)[0] == "RUNNING":
                return
        raise AssertionError("it was always ready before its worker was killed")

    def told(self, town):
        return town.python(self.look % self.facts).split()


def new_people(town):
    """Those of a list, whom nobody has on record, and the last key before theirs."""
    [[before]] = town.postgres.ask("SELECT coalesce(max(id), 0) FROM trainees_trainee")
    return {"first": random.randrange(200_000_000, 900_000_000), "count": ROWS, "before": before}


def rows_are_written(town, key):
    [[done]] = town.postgres.ask("SELECT done FROM izmek_sheetimport WHERE id = %s", key)
    return done > 0


def test_killed_in_the_middle(town):
    works = [
        Work(LIST, LIST_IS, ["done", str(ROWS), str(ROWS), str(ROWS), str(ROWS)], rows_are_written),
        Work(PAPERS, PAPERS_ARE, ["done", "%PDF-", "%%EOF", "0"]),
        Work(CATALOGUE, CATALOGUE_IS, ["True", "2"]),
        Work(PHOTO, PHOTO_IS, ["True", "True", "True"]),
    ]
    for work in works:
        work.begin(town)
    with worker(town):
        began = time.monotonic()
        until(lambda: all(len(status(town, work.task)[1]) > 1 for work in works), 120)
        until(lambda: all(status(town, work.task)[0] == "SUCCESSFUL" for work in works), 120)
        assert time.monotonic() - began < 120
    for work in works:
        assert work.told(town) == work.expected
