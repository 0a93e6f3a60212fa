"""A backup is made: the database of one moment, tried out, then the photos, into one file."""

import json
import os
import tempfile
from datetime import UTC
from hashlib import file_digest, sha256
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from izmek.acts.refusal import Refusal
from izmek.media.room import PASSING
from izmek.secrets.fingerprints import fingerprints
from izmek.site.backup import archive
from izmek.site.backup.databases import database
from izmek.site.backup.generations import FORM, backups, delete_old, told_of

FORMAT = 1
LEFT_OUT = ("jobs", "catalogues", PASSING)  # made anew, or nobody's after a day
IN_MEMORY = 16 * 2**20  # bytes of a photo


def back_up(*, plain=False, say=lambda line: None):
    """Make a backup in BACKUP_FOLDER, encrypted to BACKUP_RECIPIENT; returns its file.

    The dump is tried out in a scratch database before it counts. `plain`: without encryption. Then deletes
    what no generation keeps. Raises Refusal when anything is not as it should be; then the backups are as
    they were.
    """
    recipient = "" if plain else settings.BACKUP_RECIPIENT
    if not (plain or recipient):
        raise Refusal(
            "BACKUP_RECIPIENT is not set: without encryption a backup hands everybody out. "
            "`age-keygen` makes a key; --plain makes one all the same.",
            code="recipient",
        )
    began = timezone.now()
    folder = Path(settings.BACKUP_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ending = archive.PLAIN if plain else archive.ENDING
    target = folder / f"{began.astimezone(UTC):{FORM}}{ending}"
    source = database()
    with tempfile.TemporaryDirectory(prefix=f"izmek-{os.getuid()}-backup-") as scratch:
        dump = Path(scratch) / "database.dump"
        facts = source.dump(dump)
        compare(facts, source.try_out(dump), "The dump, when it is restored,")
        rows = sum(table["rows"] for table in facts.values())
        say(f"The database was dumped and tried out: {len(facts)} tables, {rows} rows.")
        with archive.writing(target, recipient) as tar:
            archive.put(tar, "manifest.json", json.dumps(_manifest(began, facts, dump)).encode())
            with dump.open("rb") as file:
                archive.put_file(tar, dump.name, file, dump.stat().st_size)
            for file in sorted(Path(settings.ACCESS_LOG_HEADS).glob("*.txt")):
                archive.put(tar, f"access-log/{file.name}", file.read_bytes())
            media = _put_media(tar)
            archive.put(tar, "media.json", json.dumps(media).encode())
    say(f"{media['files']} files of photos and lists, {media['bytes']} bytes.")
    with target.open("rb") as file:
        told = {"sha256": file_digest(file, "sha256").hexdigest(), "bytes": target.stat().st_size}
    told |= {"release": settings.RELEASE, "rows": rows, "files": media["files"]}
    told["seconds"] = round((timezone.now() - began).total_seconds())
    told_of(target).write_text(json.dumps(told) + "\n")
    for name in delete_old():
        say(f"deleted: {name}")
    return target


def _manifest(began, facts, dump):
    with dump.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {
        "format": FORMAT,
        "made_at": began.isoformat(),
        "release": settings.RELEASE,
        "database": {"vendor": connection.vendor, "sha256": digest, "tables": facts},
        "migrations": sorted(map(".".join, MigrationRecorder(connection).applied_migrations())),
        "keys": fingerprints(),
    }


def _put_media(tar):
    """Put every file of the storage into the tar; returns their count, bytes and hash."""
    seen = Media()
    for name in sorted_files(""):
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
            try:
                with default_storage.open(name) as file:
                    seen.add(name, file, copy)
            except FileNotFoundError:
                continue  # somebody took it away meanwhile; so did they in the next backup
            size = copy.tell()
            copy.seek(0)
            archive.put_file(tar, f"media/{name}", copy, size)
    return seen.told()


def sorted_files(folder):
    """The names of all files of the storage that belong into a backup."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (os.path.join(folder, file) for file in sorted(files))
    for each in sorted(folders):
        if folder or each not in LEFT_OUT:
            yield from sorted_files(os.path.join(folder, each))


class Media:
    """The count, the bytes and the hash of files, as they go by."""

    def __init__(self):
        self.files, self.bytes, self.hash = 0, 0, sha256()

    def add(self, name, file, copy):
        """Copy the file, piece by piece, and count it in."""
        digest, size = sha256(), 0
        while part := file.read(1 << 16):
            digest.update(part)
            size += len(part)
            copy.write(part)
        self.files += 1
        self.bytes += size
        self.hash.update(f"{digest.hexdigest()} {name}\n".encode())

    def told(self):
        return {"files": self.files, "bytes": self.bytes, "sha256": self.hash.hexdigest()}


def compare(told, found, what):
    """Raises Refusal that names the tables whose count or hash differs."""
    wrong = sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name))
    if wrong:
        raise Refusal(f"{what} differs in {', '.join(wrong)}.", code="differs")


def last_good():
    """When the last backup was made that was tried out; None while there is none."""
    return next((when for when, file in backups() if told_of(file).exists()), None)
