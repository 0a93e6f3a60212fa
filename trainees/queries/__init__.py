"""QuerySets of the trainees app: every rule that selects or counts."""

from trainees.queries.applications import QUEUE, ApplicationQuerySet
from trainees.queries.consents import ConsentQuerySet, NoticeTextQuerySet, consenting_teachers
from trainees.queries.outcome import MOST_TRANSFERS
from trainees.queries.people import TraineeChildQuerySet, TraineeQuerySet, adulthood, birthday_limit
from trainees.queries.roll import RollCallQuerySet, count_of, with_roll
from trainees.queries.scope import CourseScopedQuerySet, EnrolmentChildQuerySet
from trainees.queries.seats import EnrolmentQuerySet

__all__ = [
    "MOST_TRANSFERS",
    "QUEUE",
    "ApplicationQuerySet",
    "ConsentQuerySet",
    "CourseScopedQuerySet",
    "EnrolmentChildQuerySet",
    "EnrolmentQuerySet",
    "NoticeTextQuerySet",
    "RollCallQuerySet",
    "TraineeChildQuerySet",
    "TraineeQuerySet",
    "adulthood",
    "birthday_limit",
    "consenting_teachers",
    "count_of",
    "with_roll",
]
