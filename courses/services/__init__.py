"""The business acts of the courses app: opening, lessons and bookings, changes of teacher.

Each act takes keyword arguments only, with `by` (a User, or None for the system). It checks
`courses.rights` first, runs in a transaction, locks what is limited and raises `Refusal` with a
sentence for people.
"""

from courses.queries.teachers import teacher_on, who_teaches
from courses.services.bookings import book, clashes
from courses.services.busy import busy_at, busy_with, days_of, free_rooms
from courses.services.copies import (
    copies,
    find_clashes,
    holidays_of_year,
    plan_courses,
    set_last_days,
)
from courses.services.courses import (
    booking_warnings,
    cancel_course,
    change_dates,
    change_times,
    open_course,
    save_course,
    set_finished,
    set_running_again,
    start_course,
)
from courses.services.holidays import delete_holiday, save_holiday
from courses.services.lessons import (
    EARLIEST,
    add_session,
    cancel_session,
    check_deletable,
    holiday_on,
    holidays_of,
    hours_given,
    hours_warning,
    last_day,
    make_sessions,
    name_substitute,
    planned_sessions,
    timetable_warnings,
)
from courses.services.locks import lock_course, lock_courses
from courses.services.merging import merge_neighbourhoods, merge_programmes, merge_teachers
from courses.services.teachers import change_teacher, invite_teacher
from courses.services.years import make_year, propose_holidays, propose_year
