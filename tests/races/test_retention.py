"""Retention on PostgreSQL, with real threads: who enrols while it runs."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from izmek.privacy.destruction import destroy_expired
from tests import factories as make
from tests.races.together import Interruption, at_once, before_saving, without_locks
from trainees import services
from trainees.models import Enrolment, Trainee

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PHONE = "+905551112233"


def long_gone(years):
    """Somebody whose only course ended so many years ago, and a course that begins in a month."""
    day = timezone.localdate() - timedelta(days=366 * years)
    over = make.course("finished", begin=day - timedelta(days=60), end=day)
    person = make.enrolment(make.trainee(phone=PHONE), over, state="completed").trainee
    Trainee.objects.update(created_at=timezone.now() - timedelta(days=366 * years))
    return person, make.course("open", begin=timezone.localdate() + timedelta(days=30))


def enrolled_while(only, years):
    """The seat is given and not yet written when the run looks for whose time is over."""
    person, course = long_gone(years)
    halfway = Interruption()

    def run():
        halfway.reached()
        try:
            return destroy_expired(only=only)
        finally:
            halfway.acted()

    enrol = partial(services.enrol, trainee=person, course=course, by=None)
    with before_saving(Enrolment, call=halfway):
        results = at_once(enrol, run)
    assert not [result for result in results if isinstance(result, Exception)]
    assert person.enrolments.filter(course=course).exists()
    person.refresh_from_db()
    return person


@pytest.mark.parametrize(("only", "years"), [("contact", 3), ("people", 11)])
def test_without_locks_who_enrols_anew_loses_their_data(monkeypatch, only, years):
    without_locks(monkeypatch)
    assert enrolled_while(only, years).phone == ""


@pytest.mark.parametrize(("only", "years"), [("contact", 3), ("people", 11)])
def test_who_enrols_anew_keeps_their_data(only, years):
    person = enrolled_while(only, years)
    assert (person.phone.as_e164, person.anonymised_at) == (PHONE, None)


def test_who_enrols_between_the_looking_and_the_locking_keeps_their_data(monkeypatch):
    """The keys of a batch are looked up before it: whatever was written since counts."""
    person, course = long_gone(3)
    from izmek.privacy import destruction

    looked, batch = [], destruction._Run.batch

    def enrol_first(run, keys):
        looked.extend(keys)
        services.enrol(trainee=person, course=course, by=None)
        batch(run, keys)

    monkeypatch.setattr(destruction._Run, "batch", enrol_first)
    destroy_expired(only="contact")
    person.refresh_from_db()
    assert (looked, person.phone.as_e164) == ([person.pk], PHONE)
