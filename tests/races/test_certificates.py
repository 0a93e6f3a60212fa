"""Certificates of a course issued or handed over at the same moment, on PostgreSQL with real threads."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from courses.models import Course
from izmek.acts.refusal import Refusal
from izmek.models import Counter
from tests import factories as make
from tests.races.together import Meeting, at_once, without_locks
from trainees import services
from trainees.models import Certificate
from trainees.services import certificates

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def issued_twice(monkeypatch):
    """Two officers press the button; both have looked who gets one before either has issued any."""
    ended = timezone.localdate() - timedelta(days=10)
    course = make.course("finished", begin=ended - timedelta(days=120), end=ended)
    seats = [make.enrolment(of=course, state="completed") for _n in range(3)]
    meeting, real = Meeting(), certificates._issued

    def issue(*args, **facts):
        meeting()
        return real(*args, **facts)

    monkeypatch.setattr(certificates, "_issued", issue)
    act = partial(services.issue_certificates, course=course, enrolments=seats, by=None)
    return at_once(act, act)


def test_without_locks_both_would_issue(monkeypatch):
    without_locks(monkeypatch)
    results = issued_twice(monkeypatch)
    assert any(isinstance(one, IntegrityError) for one in results)


def test_one_issues_and_no_number_is_lost(monkeypatch):
    results = issued_twice(monkeypatch)
    (refusal,) = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refusal, Refusal) and refusal.reason == "earned"
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]
    assert Counter.objects.get(kind="certificate").last == 3


def handed_over_at_two_desks(monkeypatch):
    """Two desks hand over one each of the same course; both have locked theirs before going on."""
    ended = timezone.localdate() - timedelta(days=10)
    course = make.course("finished", begin=ended - timedelta(days=120), end=ended)
    seats = [make.enrolment(of=course, state="completed") for _n in range(3)]
    made = services.issue_certificates(course=course, enrolments=seats, by=None)
    meeting, real = Meeting(), certificates._refuse_unless_valid

    def locked(certificate):
        real(certificate)
        meeting()

    monkeypatch.setattr(certificates, "_refuse_unless_valid", locked)
    return at_once(
        *(partial(services.hand_over_certificate, certificate=one, by=None) for one in made[:2])
    )


def test_with_their_own_rows_locked_alone_two_desks_wait_for_each_other(monkeypatch):
    real = certificates.lock
    monkeypatch.setattr(
        certificates, "lock", lambda row: row if isinstance(row, Course) else real(row)
    )
    results = handed_over_at_two_desks(monkeypatch)
    assert any(isinstance(one, OperationalError) for one in results)  # a deadlock


def test_two_desks_hand_over_at_once_and_the_third_is_called_later(monkeypatch):
    results = handed_over_at_two_desks(monkeypatch)
    assert all(one.handed_over_on for one in results)
    assert Certificate.objects.to_hand_over().get().call_from is not None
