"""The drill: a municipality is backed up, burns down and is restored; on SQLite and on PostgreSQL."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from izmek.site.backup.databases import database
from izmek.site.backup.generations import stay
from izmek.site.checks import CHECKS, Grade
from tests import environment
from tests.buckets import in_trouble, storage, store
from tests.server import ROOT, new_database

pytestmark = [pytest.mark.both, pytest.mark.django_db]

ROWS = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.models import AccessLog, User
from tests import factories as make
user = User.objects.create_user("ayşe", "ayse@izmek.example", "kilim dokur gibi")
trainee = make.trainee(first_name="Işıl\\nÇiğdem", last_name="Ö'Koç \\\\ \\t")
log_access(Access.ACCOUNT_OPENED, user, by=None)
default_storage.save("photos/ab/720.jpg", ContentFile(bytes(range(256)) * 1000))
default_storage.save("jobs/list.xlsx", ContentFile(b"nobody needs it"))
default_storage.save("catalogues/a.pdf", ContentFile(b"made anew"))
"""

AFTER_THE_FIRE = """
from django.core.management import call_command
from django.db import DatabaseError, connection
from izmek.models import User
User.objects.create_user("fatma")
print(User.objects.count(), "users")
try:
    connection.cursor().execute("DELETE FROM izmek_accesslog")
except DatabaseError:
    print("refused")
call_command("migrate", check=True)
"""


class Municipality:
    """Settings, folders and a database of its own; everything is done by commands, as an operator would."""

    def __init__(self, folder, migrated):
        self.folder, self.database = folder, new_database(like=migrated)
        if not self.database:
            shutil.copy(migrated, folder / "site.sqlite3")
        self.variables = {
            **os.environ,
            **environment.VARIABLES,
            "DATABASE_URL": self.database or f"sqlite:///{folder}/site.sqlite3",
            "CACHE_URL": "locmemcache://",
            "MEDIA_ROOT": f"{folder}/media",
            "ACCESS_LOG_HEADS": f"{folder}/heads",
            "BACKUP_FOLDER": f"{folder}/backups",
            "EMAIL_URL": "dummymail://",
        }

    def manage(self, *arguments, code=0):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def run(self, code):
        return self.manage("shell", "--no-imports", "--command", code)

    def burn(self):
        """Nothing is left but the backups and the keys."""
        for name in ("media", "heads"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for file in self.folder.glob("site.sqlite3*"):
            file.unlink()
        if self.database:
            self.database = self.variables["DATABASE_URL"] = new_database()

    def facts(self):
        told = self.run(
            "import json; from izmek.site.backup.databases import database; "
            "print(json.dumps(database().facts()))"
        )
        tables = json.loads(told.splitlines()[-1])
        del tables["izmek_upkeep"]  # that a backup ended well is noted after it
        return tables

    @property
    def backups(self):
        return sorted(Path(self.variables["BACKUP_FOLDER"]).glob("*.tar*"))


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """The file of a key of age, and the recipient in it."""
    if not shutil.which("age"):
        pytest.skip("apt install age; `make test` says so")
    file = tmp_path_factory.mktemp("safe") / "key.txt"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    return file, re.search("age1[a-z0-9]+", file.read_text())[0]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, django_db_setup, django_db_blocker):
    """A database without rows of anybody, to be copied: its name, or its file on SQLite."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            file = tmp_path_factory.mktemp("migrated") / "site.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            return file
        connection.close()  # a database that is copied must have no visitors
    return urlsplit(new_database(like=connection.settings_dict["NAME"])).path.strip("/")


@pytest.fixture(scope="module")
def municipality(tmp_path_factory, key, migrated):
    site = Municipality(tmp_path_factory.mktemp("municipality"), migrated)
    site.run(ROWS)
    (site.folder / "heads").mkdir()
    (site.folder / "heads" / "heads.txt").write_text("2026-01-01 3 abc\n")
    assert "BACKUP_RECIPIENT is not set" in site.manage("backup", code=1)
    assert site.backups == []
    site.variables["BACKUP_RECIPIENT"] = key[1]
    said = site.manage("backup")
    assert "dumped and tried out" in said
    assert "1 files of photos and lists, 256000 bytes" in said
    site.before = site.facts()  # every test leaves the rows as they were
    return site


def test_nothing_of_anybody_is_read_in_a_backup(municipality):
    (file,) = municipality.backups
    content = file.read_bytes()
    assert content.startswith(b"age-encryption.org")
    assert b"ayse@" not in content and b"manifest" not in content
    assert file.stat().st_mode & 0o077 == 0
    assert "ayse" not in file.with_name(file.name.partition(".")[0] + ".json").read_text()


def test_after_a_fire_everything_is_as_it_was(municipality, key):
    identity, _recipient = key
    before = municipality.before
    assert sum(table["rows"] for table in before.values()) > 100
    (file,) = municipality.backups
    assert "--replace" in municipality.manage(
        "restore", str(file), f"--identity={identity}", code=1
    )

    municipality.burn()
    said = municipality.manage("restore", str(file), f"--identity={identity}")
    assert "MISSING" not in said
    assert municipality.facts() == before
    media = municipality.folder / "media"
    assert (media / "photos/ab/720.jpg").read_bytes() == bytes(range(256)) * 1000
    assert [path.name for path in media.rglob("*") if path.is_file()] == ["720.jpg"]
    assert (municipality.folder / "heads/heads.txt").read_text() == "2026-01-01 3 abc\n"
    # The log still only grows, ids go on where they were, and no migration waits.
    told = municipality.run(AFTER_THE_FIRE)
    assert "2 users" in told and "refused" in told

    # The same over what is there now: somebody came since, who is gone again.
    said = municipality.manage("restore", str(file), f"--identity={identity}", "--replace")
    assert municipality.facts() == before


def test_photos_in_a_bucket_come_back_as_well(tmp_path, key, migrated):
    identity, recipient = key
    with store() as bucket:
        site = Municipality(tmp_path, migrated)
        site.variables |= {
            "MEDIA_STORAGE": json.dumps(bucket.storage),
            "BACKUP_RECIPIENT": recipient,
        }
        site.run(ROWS)
        assert len(bucket.names()) == 3
        assert "1 files of photos and lists, 256000 bytes" in site.manage("backup")
        (file,) = site.backups
        again = ["restore", str(file), f"--identity={identity}"]
        site.burn()
        assert "photos already" in site.manage(*again, code=1)
        bucket.empty()
        site.manage(*again)
        assert bucket.names() == ["photos/ab/720.jpg"]
        assert bucket.read("photos/ab/720.jpg") == bytes(range(256)) * 1000
        assert not (tmp_path / "media").exists()

        with in_trouble("unavailable") as where:
            site.variables["MEDIA_STORAGE"] = json.dumps(storage(where))
            assert "deposu" in site.manage("backup", code=1)
            assert site.backups == [file], "what is not whole is no backup"


def test_a_backup_that_is_broken_or_of_other_keys_changes_nothing(municipality, key, tmp_path):
    identity, _recipient = key
    (file,) = municipality.backups
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    broken = tmp_path / file.name
    broken.write_bytes(content)
    said = municipality.manage(
        "restore", str(broken), f"--identity={identity}", "--replace", code=1
    )
    assert "age:" in said
    assert municipality.facts() == municipality.before
    stranger = tmp_path / "stranger.txt"
    subprocess.run(["age-keygen", "-o", stranger], check=True, capture_output=True)
    said = municipality.manage("restore", str(file), f"--identity={stranger}", "--replace", code=1)
    assert "no identity matched" in said


def test_a_key_that_is_missing_is_told_by_its_fingerprint(municipality, key):
    identity, _recipient = key
    (file,) = municipality.backups
    told = re.search(r"IDENTITY_HASH_KEY 1: (\w+)", municipality.manage("key_fingerprints"))[1]
    kept = municipality.variables["IDENTITY_HASH_KEY"]
    municipality.variables["IDENTITY_HASH_KEY"] = "another-key-of-somebody-else"
    said = municipality.manage("restore", str(file), f"--identity={identity}", "--replace")
    municipality.variables["IDENTITY_HASH_KEY"] = kept
    assert re.findall("MISSING: the key (.+);", said) == [f"{told} of IDENTITY_HASH_KEY"]


def test_days_weeks_and_months_stay():
    now = datetime(2026, 11, 28, 2, 15, tzinfo=UTC)
    moments = [now - timedelta(hours=12 * number) for number in range(1400)]
    kept = sorted(stay(moments, daily=7, weekly=5, monthly=12), reverse=True)
    days = [now, *(now - timedelta(days=number) + timedelta(hours=12) for number in range(1, 7))]
    assert kept[:7] == days  # the later one of each day
    assert len({moment.isocalendar()[:2] for moment in kept}) >= 5
    assert len({(moment.year, moment.month) for moment in kept}) == 12
    assert len(kept) <= 7 + 5 + 12
    assert stay(moments[:1], daily=0, weekly=0, monthly=1) == {now}


def test_a_backup_of_the_day_before_yesterday_is_told(settings, tmp_path):
    settings.BACKUP_FOLDER = str(tmp_path)
    check = next(one for one in CHECKS if one.holds.startswith("The last backup"))
    assert check.wrong() == []
    settings.BACKUP_RECIPIENT = "age1somebody"
    [found] = check.wrong()
    assert found.grade == Grade.BROKEN and "manage.py backup" in str(found)
    for hours, grades in ((100, [Grade.BROKEN]), (27, [Grade.LOOK]), (25, [])):
        name = time.strftime("izmek-%Y%m%dT%H%M%SZ", time.gmtime(time.time() - hours * 3600))
        (tmp_path / f"{name}.tar.age").touch()
        assert check.wrong()  # the file alone says nothing: it may be one that nobody tried out
        (tmp_path / f"{name}.json").touch()
        assert [one.grade for one in check.wrong()] == grades


def test_a_dump_that_lacks_rows_is_no_backup(settings, tmp_path, monkeypatch):
    settings.BACKUP_FOLDER = str(tmp_path)
    fake = type(database())
    monkeypatch.setattr(fake, "dump", lambda self, path: {"a": {"rows": 2}})
    monkeypatch.setattr(fake, "try_out", lambda self, path: {"a": {"rows": 1}})
    with pytest.raises(CommandError, match="differs in a"):
        call_command("backup", "--plain")
    assert list(tmp_path.iterdir()) == []
