"""A server that takes connections and never says a word."""

import socket
import tempfile

import psycopg2
import pytest
from django.db import DatabaseError, OperationalError
from psycopg2 import extensions

from izmek.acts import silence
from izmek.acts.trouble import Trouble, trouble


@pytest.fixture
def silent():
    """How to connect to it."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryFile() as seats:
        silence.give_up_in_time(statement=60, connect=0.1, seats=seats, at_once=1)
        yield {"host": "127.0.0.1", "port": server.getsockname()[1]}
        extensions.set_wait_callback(None)


def test_after_one_that_nobody_answered_no_connection_is_tried_for_a_while(silent):
    with pytest.raises(psycopg2.OperationalError, match="was silent"):
        psycopg2.connect(**silent)
    with pytest.raises(psycopg2.OperationalError, match="a moment ago"):
        psycopg2.connect(**silent)


def test_a_connection_that_broke_without_a_code_is_one_that_is_away():
    error = DatabaseError()
    assert trouble(error) is None, "one of Django itself"
    error.__cause__ = psycopg2.DatabaseError("server closed the connection unexpectedly")
    assert trouble(error) == Trouble.AWAY
    error = OperationalError()
    error.__cause__ = psycopg2.OperationalError("PostgreSQL was silent for 0.4 seconds")
    assert trouble(error) == Trouble.AWAY
