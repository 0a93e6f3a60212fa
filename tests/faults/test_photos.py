"""A photo whose process was killed, or for which there is no room: all of it is there, once, or nothing."""

import fcntl
import os
import threading
import time
import uuid

from tests.faults.conftest import fill, small_disk
from tests.faults.people import Teacher, photo

COUNT = "SELECT count(*) FROM exhibitions_photo WHERE work_id = %s"
DELETE = """
from exhibitions.models import Photo
from exhibitions.services import delete_photo
for photo in Photo.objects.filter(work=%d): delete_photo(photo=photo, by=None)
"""


def photos(town):
    return town.postgres.ask(COUNT, town.work)[0][0]


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_its_process_was_killed(town, tmp_path):
    """It can be sent again at once, and of the first time nothing is left behind."""
    town.python(DELETE % town.work)
    turn = tmp_path / f"izmek-{os.getuid()}-photos.lock"
    with town.open(TMPDIR=str(tmp_path)) as site, turn.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # so that it is in the middle of it
        turn.chmod(0o600)
        teacher, token, sent = Teacher(site, town.work), str(uuid.uuid4()), photo()

        def broken_off():
            try:
                teacher.send_photo(sent, token)
            except OSError:
                return

        thread = threading.Thread(target=broken_off)
        thread.start()
        for _attempt in range(100):
            if list(tmp_path.glob("tmp*.upload*")):
                break
            time.sleep(0.1)
        time.sleep(0.3)
        town.kill_web()
        fcntl.flock(held, fcntl.LOCK_UN)
        thread.join(30)
        answer, _said = teacher.send_photo(sent, token)
        assert (answer.status, answer.seconds < 10) == (200, True), answer
        assert photos(town) == 1
        again, _said = teacher.send_photo(sent, token)
        assert (again.status, photos(town)) == (200, 1)
    assert len(list(tmp_path.glob("tmp*.upload*"))) == 1
    town.manage("sweep_media", "--older-than=0", TMPDIR=str(tmp_path))
    assert list(tmp_path.glob("tmp*.upload*")) == []


def test_there_is_no_room(town, tmp_path):
    """For photos, or for what is being sent: the teacher reads why, and sends it again later."""
    town.python(DELETE % town.work)
    disk = tmp_path / "disk"
    with small_disk(disk, 24):
        for name in ("MEDIA_ROOT", "TMPDIR"):
            with town.open(**{name: str(disk)}) as site:
                teacher, token, before = Teacher(site, town.work), str(uuid.uuid4()), photos(town)
                filler = fill(disk)
                there = files(disk)
                answer, said = teacher.send_photo(photo(), token)
                assert answer.status == 400
                assert "yer kalmadı" in said["error"]
                assert (files(disk), photos(town)) == (there, before)
                assert "MB" in teacher.ask("/hazir/").text
                assert teacher.ask("/").status == 200
                filler.unlink()
                answer, _said = teacher.send_photo(photo(), token)
                assert (answer.status, photos(town)) == (200, before + 1)
