"""What is taught, where, when and by whom: the admin of the courses app."""

from courses.admin import courses, places, programmes, teachers
from courses.admin.courses import CourseAdmin
from courses.admin.filters import YearFilter, in_year, year_filter
from courses.admin.places import CourseCentreAdmin
from courses.admin.teachers import TeacherAdmin

__all__ = [
    "CourseAdmin",
    "CourseCentreAdmin",
    "TeacherAdmin",
    "YearFilter",
    "courses",
    "in_year",
    "places",
    "programmes",
    "teachers",
    "year_filter",
]
