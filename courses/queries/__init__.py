"""QuerySets of the courses app: every rule that selects or counts."""

from courses.queries.calendar import EducationYearQuerySet, HolidayQuerySet, TermQuerySet
from courses.queries.courses import CourseChildQuerySet, CourseQuerySet
from courses.queries.lessons import SessionQuerySet
from courses.queries.places import CourseCentreQuerySet, NeighbourhoodQuerySet, RoomQuerySet
from courses.queries.scope import ReferenceQuerySet, seen_by_centre
from courses.queries.teachers import TeacherQuerySet

__all__ = [
    "CourseCentreQuerySet",
    "CourseChildQuerySet",
    "CourseQuerySet",
    "EducationYearQuerySet",
    "HolidayQuerySet",
    "NeighbourhoodQuerySet",
    "ReferenceQuerySet",
    "RoomQuerySet",
    "SessionQuerySet",
    "TeacherQuerySet",
    "TermQuerySet",
    "seen_by_centre",
]
