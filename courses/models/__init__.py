"""What is taught, where, when and by whom (DOMAIN.md §2, §3; DESIGN.md §3)."""

from courses.models.calendar import (
    EducationYear,
    Holiday,
    Term,
    begin_before_end,
    check_terms_do_not_overlap,
)
from courses.models.courses import Course, CourseModule, TeacherChange
from courses.models.lessons import (
    Session,
    TimetableSlot,
    check_lesson_hours,
    check_slots_do_not_overlap,
)
from courses.models.places import CentreOfficer, CourseCentre, Neighbourhood, Room
from courses.models.programmes import Field, Module, Programme
from courses.models.teachers import Teacher
