r"""One record of the log is one line, whatever a stranger has put into it, and tells of no person.

What does not print (ends of lines, escapes of terminals, halves of letters) becomes `\n`, `\x1b` … Errors
are told by their kind and by the lines of code that they went through, without their words, which may
repeat what somebody typed or a row holds. An address is told without its query and what opens a door.
"""

import json
import logging
import re
from copy import copy
from datetime import UTC, datetime
from errno import errorcode
from logging import getLevelNamesMapping
from os import strerror
from traceback import format_tb

from izmek.watching.work import request_number, task_number

FORMATTERS = {"line": "LineFormatter", "json": "JsonFormatter"}
INVALID = "Invalid request"  # gunicorn adds from where it came, and a part of it
OF_A_PAGE = re.compile(r"(https?://[^/\s]+)/\S*")  # whole, as a Referer is
# Their words are about the code alone.
OF_THE_CODE = (AttributeError, NameError, ImportError)


def logging_of(form, level):
    """A logging configuration with the handler `console`; ValueError for a form or level that is none."""
    for name, value, known in (
        ("LOG_FORMAT", form, FORMATTERS),
        ("LOG_LEVEL", level, getLevelNamesMapping()),
    ):
        if value not in known:
            raise ValueError(f"{name}: {value!r} is none of {', '.join(known)}")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {form: {"()": f"{__name__}.{FORMATTERS[form]}"}},
        # The level stands at the handler too: loggers of Django have levels of their own, and what they
        # pass on does not ask the root's.
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "level": level,
            }
        },
    }


class LineFormatter(logging.Formatter):
    """For people: time, level, logger, the number of request or task, what is said.

    The lines of an error stay lines, each behind a bar: none of them can be taken for a record.
    """

    def format(self, record):
        number = request_number() or task_number() or "-"
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {number}"
        lines = [f"{head} {_message(record)}", *(f"  | {line}" for line in _error(record))]
        return "\n".join(map(_printable, lines))


class JsonFormatter(logging.Formatter):
    """For programs: an object a line, with nothing in it but what is named here."""

    def format(self, record):
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_number(),
            "task": task_number(),
            "message": _printable(_message(record)),
            **getattr(record, "visit", {}),
            "error": "\n".join(map(_printable, _error(record))),
        }
        told = {name: value for name, value in told.items() if value != ""}
        return json.dumps(told, ensure_ascii=False)


def _message(record):
    """What a record says, with the kind of its error in place of the error's words."""
    said, error = _said(record), record.exc_info and record.exc_info[1]
    return said.replace(str(error), kind_of(error)) if error and str(error) else said


def _said(record):
    """Addresses in what Django and gunicorn say are without what they may tell."""
    if not (hasattr(record, "request") or record.name.startswith("gunicorn")):
        return record.getMessage()
    from izmek.watching.visits import visit_of  # gunicorn logs before Django is set up

    if str(record.msg).startswith(INVALID):
        return INVALID
    discreet = copy(record)
    if isinstance(record.args, tuple):
        discreet.args = tuple(
            visit_of(one).address if isinstance(one, str) and one.startswith("/") else one
            for one in record.args
        )
    return OF_A_PAGE.sub(r"\1/…", discreet.getMessage())


def _error(record):
    """The lines about the error of a record and those that led to it, the first one first."""
    error = record.exc_info and record.exc_info[1]
    chain = []
    while error and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = []
    for each in reversed(chain):
        lines.append("Traceback (most recent call last):")
        lines += "".join(format_tb(each.__traceback__)).splitlines()
        lines.append(kind_of(each))
    return lines


def kind_of(error):
    """What kind of error it is, in words that hold nothing of what somebody typed."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, OF_THE_CODE):
        return f"{kind}: {error}"
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    said = constraint or getattr(error, "sqlite_errorname", None)
    if (
        isinstance(error, OSError) and error.errno in errorcode
    ):  # others bring words: those of a mail server
        said = said or strerror(error.errno)
    return f"{kind}: {said}" if said else kind


def _printable(text):
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
