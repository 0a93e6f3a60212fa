"""Letters are stored first, sent after commit and tried again (DESIGN.md §3, Letter)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.utils import timezone

from izmek.acts import letters
from izmek.acts.enums import LetterState
from izmek.models import Letter
from tests import factories

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db


class Away(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody listens")


@pytest.fixture
def course():
    return factories.course(programme=factories.programme("Oya & Dantel <1>"))


def write(course, **fields):
    facts = {
        "kind": "course_cancelled",
        "to": "ayse@example.org",
        "about": course,
        "context": {"name": "Ayşe Ak", "course": course, "reason": "Kar"},
    }
    return letters.write(**facts | fields)


def clock_passes():
    Letter.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_letter_goes_out_after_the_commit(course, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(course)
        assert mail.outbox == []
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.object) == (LetterState.SENT, 1, course)
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["ayse@example.org"], "Kursunuz kapatıldı: Oya & Dantel <1>")
    assert "Kar" in sent.body


def test_every_letter_has_its_kind_in_words():
    names = {path.name.split(".")[0] for path in (ROOT / "templates/letters").glob("[!_]*")}
    assert names == set(letters.KINDS)


def test_a_letter_of_a_kind_that_no_app_knows_is_not_written(course):
    with pytest.raises(LookupError, match="no app"):
        write(course, kind="greetings")
    assert not Letter.objects.exists()


def test_without_an_address_there_is_no_letter(course):
    assert write(course, to="") is None
    assert not Letter.objects.exists()


def test_what_fails_is_tried_again_with_growing_pauses_and_given_up_after_five(
    course, settings, django_capture_on_commit_callbacks
):
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Away"
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(course)
    pauses = []
    for attempt in range(1, 6):
        letter.refresh_from_db()
        assert (letter.attempts, letter.error) == (attempt, "nobody listens")
        pauses.append(letter.next_try_at - timezone.now())
        assert letters.send_due() == 0, "not before its time"
        if attempt < 5:
            assert letter.state == LetterState.WAITING
            clock_passes()
            call_command("send_letters", verbosity=0)
    assert pauses[:4] == sorted(pauses[:4])
    assert letter.state == LetterState.FAILED
    clock_passes()
    assert letters.send_due() == 0

    settings.EMAIL_BACKEND = backend
    with django_capture_on_commit_callbacks(execute=True):
        letters.resend(letter=letter, by=None)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (LetterState.SENT, 1, "")


def test_a_letter_left_by_a_worker_that_died_is_sent_later(course):
    write(course)  # its task never ran
    assert letters.send_due() == 1
    assert letters.send_due() == 0
    assert len(mail.outbox) == 1


def test_the_subject_is_one_line_whatever_a_name_holds(course):
    course.programme.name = "Oya\nBcc: everyone@example.org"
    letter = write(course)
    assert "\n" not in letter.subject
