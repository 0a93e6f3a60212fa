"""What is taught, where, when and by whom: the admin of the courses app."""

from courses import attention
from courses.admin import (
    calendar,
    courses,
    extensions,
    header_search,
    lessons,
    places,
    programmes,
    teachers,
)
from courses.admin.filters import YearFilter, year_filter
