"""Where files are kept, and the room for them."""

import time
from concurrent.futures import ThreadPoolExecutor, wait

from django.conf import settings
from django.core.files.storage import storages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.media.room import is_given_back, nearly_full, rooms
from izmek.site.checks.check import Check, Finding, Grade
from izmek.text.figures import number

SECONDS = 2  # that the storage has for an answer
REMEMBERED = 10  # seconds for which its answer is told again: strangers may ask for it

_storage_thread = ThreadPoolExecutor(1, thread_name_prefix="storage")


class StorageQuestion:
    """What this process asked the storage last. A store or share that hangs holds a thread and no page."""

    last = None

    def __init__(self):
        self.of, self.at, self.told = storages["default"], time.monotonic(), False
        self.answer = _storage_thread.submit(is_given_back)

    @classmethod
    def asked(cls):
        """The last one, while it has no answer or its answer is new; else another."""
        one = cls.last
        is_new = one and (not one.answer.done() or time.monotonic() < one.at + REMEMBERED)
        if not is_new or one.of is not storages["default"]:
            one = cls.last = cls()
        return one

    def finding(self):
        """None if it gives back what it is given. Raises its error, once: then it is in the log."""
        wait([self.answer], max(0, self.at + SECONDS - time.monotonic()))
        if not self.answer.done():
            seconds = round(time.monotonic() - self.at)
            said = _("has not answered for %(seconds)d seconds") % {"seconds": seconds}
            return Finding(said, grade=Grade.BROKEN)
        if self.answer.exception() and self.told:
            return Finding(_("does not answer; the log tells why"), grade=Grade.BROKEN)
        self.told = True
        if not self.answer.result():
            return Finding(_("gives back something else"), grade=Grade.BROKEN)
        return None


def _storage():
    if found := StorageQuestion.asked().finding():
        yield found


STORAGE = Check(
    gettext_lazy("storage"),
    "The storage keeps files",
    _storage,
    gettext_lazy(
        "Photos, lists and papers lie here. Without it no photo is shown or taken in: call whoever "
        "looks after the server at once."
    ),
    ready=True,  # not needed: a store that all hosts share would take all of them out
)


def _rooms():
    """Nothing is refused yet: there is time to make room."""
    for folder, free in nearly_full():
        grade = Grade.BROKEN if free < settings.DISK_FREE_MB / 8 else Grade.LOOK
        said = _("only %(free)s MB are free") % {"free": number(free)}
        yield Finding(said, f"{folder}; `manage.py sweep_media`", grade)
    least = min(free for _folder, free in rooms())
    yield Finding(_("%(free)s MB are free") % {"free": number(least)}, grade=Grade.FINE)


ROOM = Check(
    gettext_lazy("room on the disk"),
    "There is room on the disks",
    _rooms,
    gettext_lazy(
        "Where there is no room, photos and lists are refused. Tell whoever looks after the server "
        "before it is full."
    ),
    ready=True,
)
