"""What is taught, where, when and by whom: the admin of the courses app."""

from courses.admin import calendar, courses, extensions, lessons, places, programmes, teachers
from courses.admin.filters import YearFilter, in_year, year_filter
