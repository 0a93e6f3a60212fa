"""Whom somebody has to call: the calls that wait, and the applications that have to be told or asked."""

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Case, DateField, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from izmek.acts.prepared import prepared
from izmek.acts.queries import CountOf
from trainees.queries.scope import CourseScopedQuerySet


def _person(phone, folded, trainee):
    """An expression: whom a call reaches. Of one phone and name it is one person (`of_person`).

    Of whom no phone is known only the record tells who it is.
    """
    return Case(
        When(
            ~Q(**{phone: ""}),
            then=Concat(Cast(phone, TextField()), Value(" "), folded, output_field=TextField()),
        ),
        default=Cast(trainee, TextField()),
        output_field=TextField(),
    )


# By trainee where there is a seat, else by application.
PERSON_OF_CALL = Case(
    When(
        enrolment__isnull=False,
        then=_person(
            "enrolment__trainee__phone", "enrolment__trainee__folded", "enrolment__trainee"
        ),
    ),
    default=_person("application__phone", "application__folded", "application"),
    output_field=TextField(),
)
PERSON_OF_APPLICATION = _person("phone", "folded", "trainee")
PERSON_OF_CERTIFICATE = _person(
    "enrolment__trainee__phone", "enrolment__trainee__folded", "enrolment__trainee"
)


class CallQuerySet(CourseScopedQuerySet):
    def open(self):
        """Calls that nobody has made yet; nobody is called whose data may be stored only."""
        return self.filter(
            done_at=None,
            enrolment__trainee__restricted_at=None,
            application__trainee__restricted_at=None,
        )

    def with_people(self):
        """With what `who`, `phones` and the course's name need, in a fixed number of queries."""
        return self.select_related(
            "course__programme", "course__centre", "enrolment__trainee", "application"
        ).prefetch_related("enrolment__trainee__guardians")


class CallAttemptQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The attempts to call the trainees and applicants whom the user sees."""
        from trainees.models import Application, Trainee

        return self.filter(
            Q(trainee__in=Trainee.objects.visible_to(user).values("pk"))
            | Q(application__in=Application.objects.visible_to(user).values("pk"))
        )


MOST = 1_000  # things to say that are read at once; as calls are made, others come up
URGENT = (F("until").asc(nulls_last=True), "since", "source", "pk")
READ = ("source", "pk", "person", "kind", "course_id", "since", "until")


def people_to_call(user, **asked):
    """One row for each person whom the user has to call: its count is their number.

    One query of four parts: the calls that wait, who has an offer and was not told, who has not confirmed,
    and whose certificate waits while others of the course have theirs. `asked`: `course`, the key of the
    only course, and `kind`, the only reason to call.
    """
    first, *others = (rows.values("person").order_by() for rows in _parts(user, **asked))
    return first.union(*others)


def count_people_to_call(user):
    """How many people the user has to call."""
    return next(iter(_counted(user=user)), 0)


@prepared(by=("user",))
def _counted(user):
    number = CountOf(people_to_call(user))
    return get_user_model().objects.filter(pk=user.pk).values_list(number, flat=True)


def most_urgent(user, **asked):
    """(the `person` of those to call, the most urgent first; whether there may be more).

    `asked`: as in `people_to_call`.
    """
    first, *others = (rows.order_by().values(*READ) for rows in _parts(user, **asked))
    rows = list(first.union(*others, all=True).order_by(*URGENT)[: MOST + 1])
    return list(dict.fromkeys(row["person"] for row in rows[:MOST])), len(rows) > MOST


def what_to_say(user, people):
    """All that the user has to tell or ask these people by telephone: {person: dicts of READ}.

    `people`: as `most_urgent` tells them; they and what is said keep the order of urgency. `source`: what
    `pk` is the key of and what is said: a "call", a "certificate", or an application's "offer" or
    "confirmation".
    `until`: the day by which the person should know, or None.
    """
    parts = (rows.filter(person__in=people) for rows in _parts(user))
    first, *others = (rows.order_by().values(*READ) for rows in parts)
    found = {person: [] for person in people}
    for row in first.union(*others, all=True).order_by(*URGENT):
        found[row["person"]].append(row)
    return found


def reasons_to_call(user):
    """Each (key of a course, kind) for which the user has somebody to call."""
    first, *others = (rows.order_by().values_list("course_id", "kind") for rows in _parts(user))
    return list(first.union(*others))


def _parts(user, course=None, kind=""):
    from trainees.models import Application, Call, Certificate

    asked = {"course_id": course} if course else {}
    asked |= {"kind": kind} if kind else {}
    until = TruncDate(Coalesce("course__registration_deadline", "course__applications_until"))
    applications = Application.objects.visible_to(user).annotate(person=PERSON_OF_APPLICATION)
    parts = (
        Call.objects.visible_to(user)
        .open()
        .annotate(person=PERSON_OF_CALL, source=Value("call"), since=F("created_at")),
        applications.to_call().annotate(
            until=until, source=Value("offer"), kind=Value("offer"), since=F("offered_at")
        ),
        applications.to_confirm().annotate(
            until=TruncDate("confirm_until"),
            source=Value("confirmation"),
            kind=Value("confirmation"),
            since=F("received_at"),
        ),
        Certificate.objects.visible_to(user)
        .to_call()
        .annotate(
            person=PERSON_OF_CERTIFICATE,
            since=F("issued_at"),
            course_id=F("enrolment__course"),
            until=Cast(Value(None), DateField()),
            source=Value("certificate"),
            kind=Value("certificate"),
        ),
    )
    return [rows.filter(**asked) for rows in parts]
