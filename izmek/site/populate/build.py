"""Building a populated town: one call, one transaction; then the database looks at its new rows."""

import random

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone, translation

from courses.models import (
    CentreOfficer,
    Course,
    CourseCentre,
    CourseModule,
    EducationYear,
    Field,
    Holiday,
    Module,
    Neighbourhood,
    Programme,
    Room,
    Session,
    Teacher,
    Term,
    TimetableSlot,
)
from exhibitions.models import (
    Enquiry,
    Exhibition,
    Maker,
    Photo,
    Sale,
    Showing,
    VisitorNote,
    Work,
)
from izmek.acts.refusal import Refusal
from izmek.models import AccessLog, Counter, Letter
from izmek.site.demo import flag
from izmek.site.populate import courses, people, places, shows
from izmek.site.populate.loading import Loader
from izmek.site.populate.town import Town
from trainees.models import (
    Absence,
    Application,
    Consent,
    Enrolment,
    Guardian,
    Identity,
    Mark,
    RollCall,
    SupportNeed,
    Trainee,
)

# Each table comes after those that its rows refer to.
ORDER = [
    get_user_model(),
    get_user_model().groups.through,
    Neighbourhood,
    CourseCentre,
    CentreOfficer,
    Room,
    EducationYear,
    Term,
    Holiday,
    Field,
    Programme,
    Module,
    Teacher,
    Teacher.programmes.through,
    Teacher.centres.through,
    Course,
    CourseModule,
    TimetableSlot,
    Session,
    Trainee,
    Identity,
    SupportNeed,
    Guardian,
    Consent,
    Application,
    Enrolment,
    RollCall,
    Absence,
    Mark,
    Exhibition,
    Exhibition.centres.through,
    Work,
    Maker,
    Showing,
    Sale,
    Photo,
    VisitorNote,
    Enquiry,
    Letter,
    AccessLog,
    Counter,
]
# What an enrolment was before its course ended or it was given up.
BEFORE = {
    Enrolment: {
        "state": "'enrolled'",
        "state_reason": "''",
        "left_on": "NULL",
        "absent_hours": "NULL",
        "success_mark": "NULL",
        None: "state <> 'enrolled'",
    }
}
STEPS = [
    places.make_places,
    places.make_calendar,
    places.make_programmes,
    places.make_teachers,
    courses.make_courses,
    people.make_applications,
    people.make_access_log,
    shows.make_exhibitions,
]


def build(size, *, password, seed=1, today=None, say=lambda step: None):
    """Load a town of a Size into a database that holds no people; returns {model: rows}.

    `say` is told what is being done. Raises Refusal when there are people or courses already.
    """
    if any(model._base_manager.exists() for model in (get_user_model(), Trainee, Course)):
        raise Refusal("The database holds people already; this wants an empty one.")
    loader = Loader(timezone.now())
    with transaction.atomic(), translation.override("tr"):
        town = Town(size, today or timezone.localdate(), loader, random.Random(seed))
        places.make_users(town, password)
        loader.order(*ORDER)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if _on_postgresql() else "SELECT 1")
        for step in STEPS:
            say(step.__name__.replace("_", " "))
            step(town)
            loader.flush()
        loader.finish()
        say("write the history")
        loader.write_history(by=town.manager.pk, at_first=BEFORE)
        flag.mark()
    say("analyse")
    with connection.cursor() as cursor:
        # What only PostgreSQL has: which pages hold no dead row, so that an index alone can answer.
        vacuum = _on_postgresql() and not connection.in_atomic_block
        cursor.execute("VACUUM (ANALYZE)" if vacuum else "ANALYZE")
    return loader.counts()


def _on_postgresql():
    return connection.vendor == "postgresql"
