"""Building the demo municipality: one call, one transaction, no half of it."""

import os
import random
import sys

from django.db import transaction
from django.utils import timezone

from courses.models import Course
from exhibitions.models import Exhibition
from izmek.acts.refusal import Refusal
from izmek.site.demo import courses, flag, people, places, shows
from izmek.site.demo.pictures import studio
from izmek.site.demo.town import Town
from trainees.models import Trainee

PICTURE_SIZE = 900


def build(*, password, size=PICTURE_SIZE, processes=None, most_pictures=sys.maxsize, today=None):
    """Make the demo municipality in a database that holds none; False when it is there already.

    `size`: pixels of the long side of a picture. `processes`: how many draw at once; 0 draws in
    this one, None takes one for each processor. `most_pictures` makes a quick, barer one for tests.
    Raises Refusal when the database holds other data.
    """
    if flag.is_on():
        return False
    if Course.objects.exists() or Trainee.objects.exists() or Exhibition.objects.exists():
        raise Refusal("The database holds data of its own; the demo wants an empty one.")
    town = Town(today or timezone.localdate())
    works = list(shows.plan(random.Random("works")))
    scenes = shows.scenes()
    drawings = [
        *(drawing for owners in scenes.values() for some in owners.values() for drawing in some),
        *(drawing for work in works for drawing in work.drawings),
    ][:most_pictures]
    processes = (os.cpu_count() or 1) if processes is None else processes
    with studio(drawings, size, processes) as pictures, transaction.atomic():
        places.make_users(town, password)
        places.make_places(town)
        places.make_calendar(town)
        places.make_programmes(town)
        places.make_teachers(town)
        places.make_notices(town)
        people.make_trainees(town)
        courses.make_courses(town)
        people.guardians_answered(town)
        people.ask_teachers(town)
        people.ask_guardians(town)
        people.ask_trainees(town, people.grown_ups(town)[::5])
        shows.make_exhibitions(town)
        shows.show_places(town, pictures, scenes)
        sold = shows.make_works(town, works, pictures)
        shows.publish(town)
        shows.sell(town, sold)
        shows.make_letters(town)
        people.give_addresses(town)
        flag.mark()
    return True
