"""What applicants and trainees are written, in both languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from izmek.acts.letters import render
from tests import factories
from trainees.models import Application

pytestmark = pytest.mark.django_db

KINDS = [
    "application",
    "application_closed",
    "confirmation",
    "course_cancelled",
    "enrolled",
    "lessons_changed",
    "offer",
    "offer_expired",
    "removed",
    "room_changed",
    "session_added",
    "session_cancelled",
]


# These repeat no word that a stranger typed into the form.
TO_APPLICANTS = ["application", "application_closed", "confirmation", "offer", "offer_expired"]


@pytest.fixture
def facts():
    programme = factories.programme(
        "İğne Oyası", name_en="Needle lace", bring="Makas", bring_en="Scissors"
    )
    course = factories.course(programme=programme, group="B")
    application = Application(
        reference="KRTB-DFGH-3479",
        confirm_until=datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("Europe/Istanbul")),
        offer_until=datetime(2026, 6, 5, 17, 30, tzinfo=ZoneInfo("Europe/Istanbul")),
    )
    return {
        "name": "Ayşe Ak",
        "initials": "A. A.",
        "link": "[…]",
        "course": course,
        "application": application,
        "page": "https://izmek.example/basvurum/KRTB-DFGH-3479/",
        "position": None,
        "reason": "Kar & buz",
        "enrolment": factories.enrolment(of=course, state="removed", left_on=course.end),
        "session": factories.session(course, state_reason="Kar & buz"),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_whom_and_what_it_is_about(kind, facts):
    for language, course, others in [("tr", "İğne Oyası", "Needle"), ("en", "Needle lace", "İğne")]:
        subject, text = render(kind, facts, language)
        assert course in subject and others not in subject
        to_applicant = kind in TO_APPLICANTS
        assert ("Ayşe Ak" in text, "KRTB-DFGH-3479 (A. A.)" in text) == (
            not to_applicant,
            to_applicant,
        )
        assert course in text
        assert facts["course"].centre.name in text
        assert "\n\n\n" not in text
        if kind.endswith("cancelled") or kind in ("removed", "application_closed"):
            assert "Kar & buz" in text


def test_a_moment_is_printed_as_people_read_it(facts):
    assert "5 Haziran 2026 Cuma, 17.30" in render("offer", facts, "tr")[1]
    assert "Friday 5 June 2026, 17:30" in render("offer", facts, "en")[1]


def test_who_waits_is_told_her_place_and_no_deadline(facts):
    text = render("application", facts | {"position": 3}, "tr")[1]
    assert "Yedek listedeki sıranız: 3" in text
    assert "En geç" not in text
