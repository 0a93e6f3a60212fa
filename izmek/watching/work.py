"""Which request or task is worked on: the number that stands in each record of the log about it."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

# As nginx makes them (32 hexadecimal digits), or a UUID. Too long for anything that people type.
NUMBER = re.compile(r"[0-9a-f]{8}[0-9a-f-]{12,56}")
READ_OUT = 8  # digits of a number that somebody reads out; the log is searched for them

_request = ContextVar("request", default="")
_task = ContextVar("task", default="")


def request_number():
    """The number of the request that is answered, or ""."""
    return _request.get()


def task_number():
    """The number of the task that a worker does, or ""."""
    return _task.get()


def begin_request(given=""):
    """From now on this thread answers a request: the number that a trusted proxy gave it, or one of ours.

    It is never put back: the server's own records about a request come after its answer.
    """
    _request.set(given if NUMBER.fullmatch(given) else uuid4().hex)
    return _request.get()


@contextmanager
def doing_task(number):
    """The records inside are about this task."""
    token = _task.set(str(number))
    try:
        yield
    finally:
        _task.reset(token)
