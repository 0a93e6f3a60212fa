"""Events for the apps above; the courses app may not import them (DESIGN.md §2).

They are sent inside the act's transaction, so their consequences (the queue moves up, letters are
written) are saved or rolled back with the act. Signals are used for nothing else.
"""

from django.dispatch import Signal

seats_changed = Signal()  # course, by: it was saved and may have more seats
course_cancelled = Signal()  # course, by
session_cancelled = Signal()  # session, by
session_added = Signal()  # session, by
# course, gone and new (the coming sessions that changed), reason, weekly (the weekly times or dates
# have changed), by
lessons_changed = Signal()
room_changed = Signal()  # course, by: its lessons are in another room
year_made = Signal()  # year, last (the one before it, or None), by
dates_changed = Signal()  # course, begin (the first day before), by
