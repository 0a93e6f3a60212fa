"""Races of merges on PostgreSQL, with real threads."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from izmek.acts.refusal import Refusal
from izmek.models import Merge
from tests import factories as make
from tests.races.together import Interruption, at_once, before_saving
from trainees import services
from trainees.models import Enrolment, Trainee

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def pair():
    one = make.trainee("Ayşe", "Kaya", phone="+905551112233")
    return one, make.trainee("Ayşe", "Kaya", phone="+905551112233")


def merging(one, other, by, **fields):
    return partial(services.merge_trainees, first=one, second=other, by=by, answers={}, **fields)


def test_two_clerks_merge_the_same_pair_at_once():
    one, other = pair()
    make.enrolment(other)
    clerks = [make.user("yonetici") for _n in range(2)]
    results = at_once(merging(one, other, clerks[0]), merging(other, one, clerks[1]))
    made = [result for result in results if isinstance(result, Merge)]
    refused = [result for result in results if isinstance(result, Refusal)]
    assert (len(made), len(refused)) == (1, 1)
    assert Trainee.objects.count() == 1
    assert Enrolment.objects.get().trainee == Trainee.objects.get()


def test_a_seat_given_while_two_are_merged_is_not_lost():
    """Whoever comes second waits: the seat moves along, or it is given to the record that stays."""
    one, other = pair()
    manager = make.user("yonetici")
    course = make.course("open", begin=timezone.localdate() + timedelta(days=30))
    halfway = Interruption()

    def enrol():
        halfway.reached()
        try:
            return services.enrol(trainee=other, course=course, by=None)
        finally:
            halfway.acted()

    with before_saving(Trainee, call=halfway):
        results = at_once(merging(one, other, manager), enrol)
    assert not [result for result in results if isinstance(result, Exception)]
    assert Enrolment.objects.get().trainee == Trainee.objects.get() == one
