"""`manage.py advance_queues`: what the clock alone frees is offered on; for a timer, every minutes."""

import logging

from django.core.management.base import BaseCommand, CommandError

from courses.models import Course
from trainees.enums import ApplicationState
from trainees.services import advance_queue

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Writes down offers that expired and offers the free seats to whoever waits."

    def handle(self, **options):
        """Each course for itself: one that fails is logged, and the others go on."""
        waited_for = Course.objects.filter(
            applications__state__in=ApplicationState.open()
        ).distinct()
        offered = failed = 0
        for course in waited_for:
            try:
                offered += len(advance_queue(course=course))
            except Exception:
                log.exception("The queue of course %d could not be advanced", course.pk)
                failed += 1
        self.stdout.write(f"{offered} seats offered")
        if failed:
            raise CommandError(f"{failed} courses failed; the log names them")
