"""What happened here, told to the apps above: courses may not import them (DESIGN.md §2).

Sent inside the act's transaction, so that what follows from an act (the queue moves up, letters are
written) happens with it or not at all. Nothing else is passed around by signals.
"""

from django.dispatch import Signal

seats_changed = Signal()  # course, by: saved; the capacity may have grown
course_cancelled = Signal()  # course, by
session_cancelled = Signal()  # session, by
session_added = Signal()  # session, by
