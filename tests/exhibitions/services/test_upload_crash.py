"""A process that dies while it takes in a photo leaves no row without its files.

One process is prepared and forks a child for each point; the child kills itself there with SIGKILL,
so nothing is tidied up. What it leaves is looked at afterwards, on a database of its own.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection

DRIVER = """
import io, json, os, signal
import django
django.setup()

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections
from PIL import Image
from courses.models import CourseCentre, Neighbourhood
from exhibitions.models import Photo
from exhibitions.services import add_photo
from izmek.public import areas
from izmek.media.photos import CleanPhoto

place = Neighbourhood.objects.create(name="Kozluk")
centre = CourseCentre.objects.create(name="Kozluk", slug="kozluk", neighbourhood=place)
clean = CleanPhoto(Image.radial_gradient("L").resize((300, 360)).convert("RGB"))

areas.KEPT_CHANGES = 1 << 30  # old changes are never swept: each child takes the same steps


def die_at(last):
    "Kill this process at its last-th step; a step lies around each file and each statement."
    steps = 0

    def step(before=lambda: None):
        nonlocal steps
        steps += 1
        if steps == last:
            before()
            os.kill(os.getpid(), signal.SIGKILL)

    save, commit = default_storage.save, connection._commit

    def save_in_steps(name, content):
        data = content.read()
        step()
        step(lambda: save(name, ContentFile(data[: len(data) // 2])))
        name = save(name, ContentFile(data))
        step()
        return name

    def commit_in_steps():
        step()
        commit()
        step()

    def execute_in_steps(execute, *arguments):
        step()
        return execute(*arguments)

    default_storage.save, connection._commit = save_in_steps, commit_in_steps
    with connection.execute_wrapper(execute_in_steps):
        add_photo(centre=centre, clean=clean, decorative=True, by=None)


killed = rows = 0
while True:
    connections.close_all()
    child = os.fork()
    if not child:
        die_at(killed + 1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    rows = Photo.objects.count()
    for photo in Photo.objects.all():
        for name in photo.files:
            with default_storage.open(f"{photo.folder}/{name}") as file:
                Image.open(file).load()
    if status == 0:
        break
    assert os.WTERMSIG(status) == signal.SIGKILL, status
    killed += 1


def manage(*command):
    out = io.StringIO()
    try:
        call_command(*command, stdout=out)
    except SystemExit as end:
        print(end.code, file=out)
    return out.getvalue()


commands = ("doctor",), ("sweep_media",), ("sweep_media", "--older-than", "0"), ("doctor",)
told = [manage(*command) for command in commands]
print(json.dumps([killed, rows, Photo.objects.filter(has_sizes=False).count(), *told]))
"""


@contextmanager
def copy_of_the_test_database(folder):
    """The address of a database with the tables of the test database, which stays as it is."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "copy.sqlite3")])
        yield f"sqlite:///{folder / 'copy.sqlite3'}"
        return
    tested = connection.settings_dict["NAME"]
    name = f"{tested}_crash"
    connection.close()  # a database that is copied must have no visitors
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{tested}"')
        try:
            yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db(transaction=True)  # a database inside a transaction cannot be copied
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_every_point(tmp_path):
    with copy_of_the_test_database(tmp_path) as url:
        done = subprocess.run(
            [sys.executable, "-c", DRIVER],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "izmek.settings",
                "DATABASE_URL": url,
                "MEDIA_ROOT": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    killed, rows, without_sizes, sick, too_young, swept, well = json.loads(done.stdout)
    assert killed >= 20
    # The child that lived has a row, and so has each that was killed while it made the sizes.
    assert rows > 2
    assert without_sizes == 0  # the sweep has made them

    assert sick.endswith("1\n")
    assert "WRONG  Every photo folder has its row" in sick
    assert "ok     Every photo has its files" in sick
    strays = swept.count("removed: photos/")
    assert strays >= 5
    assert strays + rows <= killed + 1
    counted = sum(int(line.split()[2]) for line in sick.splitlines() if "… and" in line)
    assert sick.count("belongs to no photo") + counted == strays

    assert too_young == "Nothing is left behind.\n"
    assert "WRONG" not in well
    assert len(os.listdir(tmp_path / "photos")) == rows
