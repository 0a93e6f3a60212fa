"""A backup is restored: all that it holds, compared with what it says of itself."""

import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from izmek.acts.refusal import Refusal
from izmek.secrets.fingerprints import fingerprints
from izmek.site.backup import archive
from izmek.site.backup.databases import database
from izmek.site.backup.making import FORMAT, Media, compare, sorted_files

IN_MEMORY = 16 * 2**20  # bytes of a photo
OURS = (
    "izmek.",
    "courses.",
    "trainees.",
    "exhibitions.",
)  # packages give their migrations up at times


def restore(path, *, identity=None, replace=False, say=lambda line: None):
    """Put a backup into the place of what is there; returns its manifest.

    `identity`: the file with the private half of the key. Refuses when rows or photos are there, unless
    `replace`: then all rows are replaced in one go, photos of the same name as well; other photos stay
    until `sweep_media`. Raises Refusal when it cannot be read or is not what it says; the database is
    replaced whole or not at all.
    """
    target = database()
    if not replace:
        if not target.is_empty():
            raise Refusal(
                "There are tables already; --replace puts the backup into their place.", code="full"
            )
        if next(sorted_files(""), None):
            raise Refusal(
                "There are photos already; --replace puts the backup into their place.", code="full"
            )
    with archive.reading(Path(path), identity) as tar:
        entries = iter(tar)
        manifest = json.loads(_read(tar, next(entries), "manifest.json"))
        _check(manifest, target)
        for line in missing_keys(manifest):
            say(line)
        seen = Media()
        told = None
        for entry in entries:
            kind, _sign, name = entry.name.partition("/")
            if entry.name == "database.dump":
                _load(tar.extractfile(entry), target, manifest)
                say(f"The database of {manifest['made_at']} is there, and is what it was.")
            elif kind == "access-log":
                _restore_heads(os.path.basename(name), _read(tar, entry, entry.name), say)
            elif kind == "media":
                _restore_file(name, tar.extractfile(entry), seen)
            elif entry.name == "media.json":
                told = json.loads(_read(tar, entry, "media.json"))
    if told != seen.told():
        raise Refusal("The photos are not those that were backed up.", code="media")
    say(f"{seen.files} files of photos and lists are there, and are what they were.")
    return manifest


def _read(tar, entry, name):
    if entry.name != name:
        raise Refusal(f"This is no backup: {name} is missing.", code="file")
    return tar.extractfile(entry).read()


def _check(manifest, target):
    if manifest.get("format") != FORMAT:
        raise Refusal("The backup was made by another version of this command.", code="format")
    if manifest["database"]["vendor"] != target.vendor:
        raise Refusal(
            f"The backup is of {manifest['database']['vendor']}, DATABASE_URL names {target.vendor}.",
            code="vendor",
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if newer := sorted(
        name for name in manifest["migrations"] if name.startswith(OURS) and name not in known
    ):
        raise Refusal(
            f"The backup is of a newer release ({manifest['release']}): this one does not know "
            f"{', '.join(newer[:5])}.",
            code="newer",
        )


def missing_keys(manifest):
    """Sentences about keys with which the backup was made and that are not here."""
    here = fingerprints()
    for name, told in manifest["keys"].items():
        for digits in told:
            if digits not in here[name]:
                yield f"MISSING: the key {digits} of {name}; what it encrypted or signed cannot be read"


def _load(file, target, manifest):
    with tempfile.TemporaryDirectory(prefix=f"izmek-{os.getuid()}-restore-") as scratch:
        dump, digest = Path(scratch) / "database.dump", sha256()
        with dump.open("wb") as copy:
            while part := file.read(1 << 16):
                digest.update(part)
                copy.write(part)
        if digest.hexdigest() != manifest["database"]["sha256"]:
            raise Refusal("The dump is not the one that was backed up.", code="dump")
        target.load(dump)
    compare(manifest["database"]["tables"], target.facts(), "The restored database")
    connection.close()


def _restore_file(name, file, seen):
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        seen.add(name, file, copy)
        copy.seek(0)
        default_storage.delete(name)
        if default_storage.save(name, File(copy, name)) != name:
            raise Refusal(f"{name} could not be written under its name.", code="media")


def _restore_heads(name, content, say):
    """The seals outside of the database only grow: those that are here and go on from the backup's stay."""
    file = Path(settings.ACCESS_LOG_HEADS) / name
    here = file.read_bytes() if file.exists() else b""
    if here.startswith(content):
        return
    if not content.startswith(here):
        say(
            f"{file} says something else than the backup and stays; compare them, `doctor` tells which day."
        )
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
