"""A record of the log: one line for people or one object for programs, and nobody's data."""

import json
import logging
import os
import re
import subprocess
import sys
from io import StringIO
from smtplib import SMTPDataError

import pytest
from django.db import IntegrityError, transaction

from izmek.acts.after_commit import after_commit
from izmek.models import User
from izmek.watching.log_lines import FORMATTERS, JsonFormatter, kind_of, logging_of
from izmek.watching.work import begin_request, doing_task
from tests import factories as make

FORGED = 'x\n{"level": "ERROR"}\r\x1b[2J\x85\u2028\u202eş\x00\ud800'


def written(say):
    """What a logger writes as JSON while `say(logger)` runs: the lines."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    log = logging.getLogger("tests.watching")
    log.addHandler(handler)
    try:
        say(log)
    finally:
        log.removeHandler(handler)
    assert stream.getvalue().endswith("\n")
    return stream.getvalue()[:-1].split("\n")


def told(say):
    [line] = written(say)
    return json.loads(line)


def test_an_object_is_one_line_whatever_a_stranger_sends():
    def say(log):
        log.warning("said: %s", FORGED)
        try:
            raise ValueError(f"y{FORGED}")
        except ValueError:
            log.exception(FORGED)

    lines = written(say)
    assert len(lines) == 2
    for line in lines:
        assert line.isprintable()
        assert "ş" in json.loads(line)["message"]


def test_a_record_of_a_request_and_one_of_a_task_have_its_number():
    def say(log):
        begin_request("0123456789abcdef0123456789abcdef")
        log.info("done")
        with doing_task("5c1a"):
            log.info("done")

    def at_info(log):
        log.setLevel(logging.INFO)
        say(log)

    request, task = map(json.loads, written(at_info))
    assert request["request"] == "0123456789abcdef0123456789abcdef" and "task" not in request
    assert task["task"] == "5c1a"


@pytest.mark.parametrize("given", ["", "12345678901", "Ayşe", "0123456789abcdef" * 5, "g" * 32])
def test_a_number_is_made_where_none_or_another_thing_was_given(given):
    made = begin_request(given)
    assert made != given and re.fullmatch("[0-9a-f]{32}", made)


def test_an_error_is_told_by_its_kind_and_its_lines_without_its_words():
    def say(log):
        try:
            try:
                raise KeyError("10000000146")
            except KeyError as error:
                raise ValueError("Zeynep Kardelenoğlu") from error
        except ValueError:
            log.exception("failed")

    error = told(say)["error"]
    assert error.index("KeyError") < error.rindex("ValueError")
    assert "test_log_lines.py" in error
    assert "10000000146\n" not in error and not error.endswith("Kardelenoğlu")


@pytest.mark.django_db
def test_a_refusal_of_the_database_is_told_without_the_row(caplog):
    person = make.user()

    def say(log):
        try:
            with transaction.atomic():
                User.objects.create(username=person.username)
        except IntegrityError:
            log.exception("failed")

    record = told(say)
    assert "IntegrityError" in record["error"] and person.username not in record["error"]
    assert re.search("UniqueViolation: |SQLITE_CONSTRAINT_UNIQUE", record["error"])


@pytest.mark.django_db(transaction=True)
def test_what_follows_a_commit_fails_without_its_words(json_log):
    row = "Key (phone)=(+905321234567) already exists"

    def fails():
        raise ValueError(row)

    with transaction.atomic():
        after_commit(fails)
    assert "ValueError" in json_log.text and "(phone)" not in json_log.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SMTPDataError(550, b"<zeynep@izmit.example>: no such user"), "smtplib.SMTPDataError"),
        (
            FileNotFoundError(2, "Zeynep", "zeynep.jpg"),
            "FileNotFoundError: No such file or directory",
        ),
    ],
)
def test_an_error_of_the_system_is_told_in_its_own_words(error, said):
    assert kind_of(error) == said


@pytest.mark.parametrize("form", [*FORMATTERS, "xml"])
def test_the_form_is_chosen_by_the_environment(form):
    environment = {**os.environ, "LOG_FORMAT": form, "DJANGO_SETTINGS_MODULE": "izmek.settings"}
    say = "from tests import environment; import django, logging; django.setup()"
    say += "; logging.getLogger('trainees').error('broken')"
    done = subprocess.run(
        [sys.executable, "-c", say], env=environment, capture_output=True, text=True, check=False
    )
    if form not in FORMATTERS:
        assert done.returncode == 1 and "LOG_FORMAT: 'xml' is none of line, json." in done.stderr
        return
    assert done.returncode == 0
    if form == "json":
        record = json.loads(done.stderr)
        assert (record["logger"], record["message"]) == ("trainees", "broken")
    else:
        assert re.fullmatch(r"[-\d]+ [\d:,]+ ERROR trainees - broken\n", done.stderr)


def test_gunicorn_has_the_same_lines_without_queries():
    configured = logging_of("json", "INFO")
    assert configured["handlers"]["console"]["level"] == "INFO"

    def say(log):
        log.name = "gunicorn.error"
        try:
            log.error("Error handling request %s %s", "GET", "/hesap/davet/gizli/?q=Zeynep")
            log.error("Error handling request %s", "/kurslar/?q=10000000146")
            log.error("Invalid request from ip=203.0.113.7: Invalid HTTP header: 'X: 10000000146'")
        finally:
            log.name = "tests.watching"

    first, second, third = map(json.loads, written(say))
    assert first["message"] == "Error handling request GET /hesap/davet/<str:token>/"
    assert second["message"] == "Error handling request /kurslar/"
    assert third["message"] == "Invalid request"
