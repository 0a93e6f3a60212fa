"""`manage.py advance_queues`: what the clock alone frees is offered on; for a timer, every minutes."""

from django.core.management.base import BaseCommand

from courses.models import Course
from trainees.enums import ApplicationState
from trainees.services import advance_queue


class Command(BaseCommand):
    help = "Writes down offers that expired and offers the free seats to whoever waits."

    def handle(self, **options):
        waited_for = Course.objects.filter(
            applications__state__in=ApplicationState.open()
        ).distinct()
        offered = sum(len(advance_queue(course=course)) for course in waited_for)
        self.stdout.write(f"{offered} seats offered")
