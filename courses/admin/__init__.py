"""What is taught, where, when and by whom: the admin of the courses app."""

from courses.admin import calendar, courses, lessons, places, programmes, teachers
from courses.admin.courses import CourseAdmin
from courses.admin.filters import YearFilter, in_year, year_filter
from courses.admin.places import CourseCentreAdmin
from courses.admin.teachers import TeacherAdmin

__all__ = [
    "CourseAdmin",
    "CourseCentreAdmin",
    "TeacherAdmin",
    "YearFilter",
    "calendar",
    "courses",
    "in_year",
    "lessons",
    "places",
    "programmes",
    "teachers",
    "year_filter",
]
