"""Errors by e-mail to settings.ADMINS: the lines of the log about it, and of many alike one in an hour.

Nothing of what somebody sent is in it (izmek/watching/log_lines.py). A thread counts and sends: no page
waits for the cache or the mail server, and no transaction that failed hinders them. What cannot be sent
stands in the log as ever.
"""

import logging
from contextlib import suppress
from contextvars import ContextVar
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.mail import mail_admins

from izmek.acts.background import Background
from izmek.watching.log_lines import LineFormatter, kind_of

PAUSE = 60 * 60  # seconds for which errors of one place are not mailed again
MOST = 10  # letters in that time, of all places together
NOT_OURS = "django.security"  # strangers who try names of hosts

_mailing = ContextVar("mailing", default=False)


def _send(letters):
    _mailing.set(True)  # in a thread of its own: an error of this is only logged
    for place, subject, text in letters:
        if cache.add(f"error-mail:{place}", 1, PAUSE) and _has_room():
            mail_admins(subject, text)


_letters = Background("error mail", _send)


class ErrorMail(logging.Handler):
    """A handler for records of level ERROR."""

    def __init__(self, level=logging.ERROR):
        super().__init__(level)
        self.setFormatter(LineFormatter())

    def emit(self, record):
        if _mailing.get() or record.name.startswith(NOT_OURS):
            return
        with suppress(
            Exception
        ):  # the record stands in the log; a page must not fail for its letter
            _letters.put((_place(record), *self._letter(record)))

    def _letter(self, record):
        error = record.exc_info and record.exc_info[1]
        subject = (
            f"{record.name}: {kind_of(error).partition(':')[0] if error else record.levelname}"
        )
        text = (
            f"{self.format(record)}\n\n{settings.SITE_URL}, {settings.RELEASE or 'release unknown'}\n"
            "The log has the records around it, under the same number. More errors of this place are not "
            "mailed for an hour."
        )
        return subject, text


def _place(record):
    """Where in the code it happened: errors of one place are alike."""
    frames = record.exc_info and record.exc_info[2]
    while frames and frames.tb_next:
        frames = frames.tb_next
    where = (frames.tb_frame.f_code.co_filename, frames.tb_lineno) if frames else ()
    return sha256(repr((record.name, record.pathname, record.lineno, where)).encode()).hexdigest()


def _has_room():
    return any(cache.add(f"error-mail:{number}", 1, PAUSE) for number in range(MOST))
