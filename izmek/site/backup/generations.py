"""Which backups stay: the newest of each of the last days, weeks and months that have one."""

import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

FORM = "izmek-%Y%m%dT%H%M%SZ"
NAME = re.compile(r"(izmek-\d{8}T\d{6}Z)\.tar(\.age)?")


def backups():
    """[(when, file)] in the folder of backups, newest first."""
    folder = Path(settings.BACKUP_FOLDER)
    found = [
        (datetime.strptime(name[1], FORM).replace(tzinfo=UTC), file)
        for file in (folder.iterdir() if folder.exists() else ())
        if (name := NAME.fullmatch(file.name))
    ]
    return sorted(found, reverse=True)


def stay(moments, *, daily, weekly, monthly):
    """Those of these moments, newest first, whose backups stay."""
    kept = set()
    for count, period in (
        (daily, lambda moment: moment.date()),
        (weekly, lambda moment: moment.isocalendar()[:2]),
        (monthly, lambda moment: (moment.year, moment.month)),
    ):
        newest = {}
        for moment in moments:
            newest.setdefault(period(moment), moment)
        kept |= set(list(newest.values())[:count])
    return kept


def delete_old():
    """Delete the backups that no generation keeps; returns their names."""
    found = backups()
    kept = stay(
        [when for when, _file in found],
        daily=settings.BACKUPS_DAILY,
        weekly=settings.BACKUPS_WEEKLY,
        monthly=settings.BACKUPS_MONTHLY,
    )
    gone = [file for when, file in found if when not in kept]
    for file in gone:
        file.unlink()
        told_of(file).unlink(missing_ok=True)
    return [file.name for file in gone]


def told_of(file):
    """The small file beside a backup that says that it was tried out."""
    return file.with_name(NAME.fullmatch(file.name)[1] + ".json")
