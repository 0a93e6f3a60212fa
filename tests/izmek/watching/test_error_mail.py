"""Errors by e-mail: without what anybody sent, and not one for each of many alike."""

import logging
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.cache import cache

from izmek.site.views import statements
from izmek.watching import error_mail
from izmek.watching.error_mail import MOST, ErrorMail
from tests.izmek.watching.test_visits import Door

pytestmark = pytest.mark.django_db


class AtOnce:
    """The thread that sends, without a thread."""

    def put(self, letter):
        error_mail._send(iter([letter]))


@pytest.fixture(autouse=True)
def admins(settings, monkeypatch):
    settings.ADMINS = [("", "yonetim@izmit.example")]
    monkeypatch.setattr(error_mail, "_letters", AtOnce())
    cache.clear()
    handler = ErrorMail()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    error_mail._mailing.set(False)


def test_a_page_that_fails_is_mailed_once_and_names_nobody(monkeypatch):
    def fails(*_args, **_kwargs):
        secret = "Zeynep 10000000146"
        raise ValueError(secret)

    monkeypatch.setattr(statements, "head", fails)
    door = Door()
    door.cookies["sessionid"] = "gizli"
    for _time in range(50):
        assert door.get("/iletisim/?q=10000000146").status_code == 500
        error_mail._mailing.set(False)  # that of the thread
    [letter] = mail.outbox
    assert letter.to == ["yonetim@izmit.example"]
    assert "ValueError" in letter.subject and letter.subject.startswith("[İZMEK] ")
    assert "/iletisim/" in letter.body and "raise ValueError(secret)" in letter.body
    for said in ("Zeynep", "?q=", "gizli"):
        assert said not in letter.body
    assert "10000000146" not in letter.body.replace('secret = "Zeynep 10000000146"', "")


def test_many_kinds_of_errors_are_mailed_up_to_a_number():
    log = logging.getLogger("tests.watching")
    for number in range(MOST + 5):
        logging.getLogger(f"tests.watching.{number}").error("broken")
        error_mail._mailing.set(False)
    log.warning("not grave")
    assert len(mail.outbox) == MOST


def test_strangers_who_try_hosts_mail_nobody(client):
    client.get("/", headers={"host": "evil.example"})
    assert mail.outbox == []


def test_no_page_waits_for_the_cache(monkeypatch):
    """Nor does a transaction that failed hinder it: whoever counts and sends is another thread."""
    handed_over = []
    monkeypatch.setattr(error_mail, "_letters", SimpleNamespace(put=handed_over.append))
    monkeypatch.setattr(error_mail, "cache", None)
    logging.getLogger("tests.watching").error("broken")
    assert len(handed_over) == 1


def test_an_error_that_cannot_be_told_is_no_error_of_the_page(capsys):
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "%d", ("Zeynep",), None)
    ErrorMail().handle(record)
    assert "Zeynep" not in capsys.readouterr().err
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_only_logged(monkeypatch):
    def fails(*_args):
        logging.getLogger("tests.mail").error("refused")
        raise OSError

    monkeypatch.setattr(error_mail, "mail_admins", fails)
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logging.getLogger("tests.watching").error("broken")
    assert mail.outbox == []
