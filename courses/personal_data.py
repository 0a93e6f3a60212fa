"""What is personal in the tables of this app (izmek/privacy/record.py)."""

from django.utils.translation import gettext_lazy as _

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
    TeacherChange,
    Term,
    TimetableSlot,
)
from izmek.privacy.record import (
    NAMES_NOBODY,
    Basis,
    Instead,
    Keep,
    Personal,
    declare,
    each,
    nothing_personal,
)
from izmek.privacy.terms import ANONYMOUS, EVERY_STAFF, OFFICE, STAFF_RECORDS, TEACHING
from izmek.text import masks
from izmek.text.fold import fold

TAUGHT = Personal(TEACHING, Basis.CONTRACT, STAFF_RECORDS, seen_by=EVERY_STAFF)
SEARCHED = TAUGHT.but(seen_by=(), handed_over=False, erase=Instead(_("“Anonim”"), fold(ANONYMOUS)))
declare(
    Teacher,
    "",
    whom=_("Teachers"),
    first_name=TAUGHT.but(erase=Instead(_("“Anonim”"), ANONYMOUS)),
    last_name=TAUGHT,
    folded=SEARCHED,
    first_folded=SEARCHED,
    kind=TAUGHT.but(erase=NAMES_NOBODY),
    phone=TAUGHT.but(mask=masks.phone),
    email=TAUGHT.but(mask=masks.email),
    user=TAUGHT.but(handed_over=False),
)
TAUGHT_STAYS = TAUGHT.but(erase=NAMES_NOBODY)
WORDS = TAUGHT.but(mask=masks.words)
REASON = TAUGHT.but(  # of a course or a lesson
    erase=Keep(_("a sentence about the course, in which nobody is to be named")), mask=masks.words
)
declare(
    TeacherChange,
    "teacher",
    whom=_("Teachers"),
    **each("course begins_on", TAUGHT_STAYS),
    reason=WORDS,
)
declare(Teacher.programmes.through, "teacher", whom=_("Teachers"), programme=TAUGHT_STAYS)
declare(Teacher.centres.through, "teacher", whom=_("Teachers"), coursecentre=TAUGHT_STAYS)
declare(
    CentreOfficer,
    "user",
    whom=_("Users: staff and teachers"),
    erase_rows=True,
    centre=TAUGHT.but(seen_by=OFFICE),
)
declare(
    Course,
    "teacher",
    whom=_("Teachers"),
    not_personal=(
        "number programme group centre room term begin end times_from capacity minimum_group "
        "applications_from applications_until registration_deadline note note_en state total_hours "
        "pass_mark absence_limit_numerator absence_limit_denominator"
    ),
    **each("minimum_reason state_reason", REASON),
)
declare(
    Session,
    "teacher",
    whom=_("Teachers"),
    not_personal=(
        "course date begin end lesson_hours topic state extra makes_up_for holds_teacher holds_room"
    ),
    state_reason=REASON,
)
# Telephone and address of a centre are those of an office, and public.
nothing_personal(
    CourseCentre,
    CourseModule,
    EducationYear,
    Field,
    Holiday,
    Module,
    Neighbourhood,
    Programme,
    Room,
    Term,
    TimetableSlot,
)
