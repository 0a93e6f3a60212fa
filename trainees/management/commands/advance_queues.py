"""`manage.py advance_queues`: what the clock alone frees is offered on; for a timer, every minutes."""

import logging

from django.core.management.base import CommandError
from django.db.models import F

from courses.models import Course
from izmek.acts.upkeep import ByTheClock
from trainees.models import Application
from trainees.services import advance_queue

log = logging.getLogger(__name__)


class Command(ByTheClock):
    help = "Writes down offers that expired and offers the free seats to whoever waits."

    def handle(self, **options):
        """Each course for itself: one that fails is logged, and the others go on."""
        offered = failed = 0
        for course in _to_advance():
            try:
                offered += len(advance_queue(course=course))
            except Exception:
                log.exception("The queue of course %d could not be advanced", course.pk)
                failed += 1
        self.stdout.write(f"{offered} seats offered")
        if failed:
            raise CommandError(f"{failed} courses failed; the log names them")


def _to_advance():
    """Courses where time has ended something, or where people wait although a seat is free.

    A full course with a long waiting list is not looked at, and not locked, every ten minutes.
    """
    ended = Application.objects.overdue() | Application.objects.lapsed()
    waited_for = Application.objects.next_in_line().order_by().values("course")
    with_seats = Course.objects.filter(pk__in=waited_for).with_seats()
    free = with_seats.filter(capacity__gt=F("seats_held") + F("seats_offered"))
    keys = {*ended.values_list("course", flat=True), *free.values_list("pk", flat=True)}
    return Course.objects.filter(pk__in=keys).order_by("pk")
