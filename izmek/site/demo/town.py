"""What the steps of the building hand on to each other."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass
class Town:
    """The demo municipality while it is being built. Everything but `today` follows from the seeds."""

    today: date
    rng: random.Random = field(default_factory=lambda: random.Random("İZMEK"))
    users: dict = field(default_factory=dict)  # by username
    neighbourhoods: dict = field(default_factory=dict)  # by name
    centres: dict = field(default_factory=dict)  # by key of data.places
    rooms: dict = field(default_factory=dict)  # by (centre, name)
    programmes: dict = field(default_factory=dict)  # by key of data.teaching
    teachers: dict = field(default_factory=dict)  # by key of data.teaching
    courses: dict = field(default_factory=dict)  # by (programme, centre, begin as data has it)
    trainees: list = field(default_factory=list)
    exhibitions: dict = field(default_factory=dict)  # by key of data.exhibitions

    @property
    def manager(self):
        return self.users["yonetici"]

    @property
    def curator(self):
        return self.users["kurator"]

    def clerk(self, centre_key):
        """Who does the office work of a centre: Akmeşe has an officer, the others the manager."""
        return self.users["merkez"] if centre_key == "akmese" else self.manager

    def day(self, when):
        """A date of the data: a date, its text, or a number of days from today."""
        if isinstance(when, int):
            return self.today + timedelta(days=when)
        return when if isinstance(when, date) else date.fromisoformat(when)

    def monday(self, when):
        """The Monday of the week of a date of the data."""
        day = self.day(when)
        return day - timedelta(days=day.weekday())

    def seed(self, step):
        """Begin a step with chances of its own, which the day and the steps before do not touch."""
        self.rng = random.Random(f"İZMEK {step}")

    def chance(self, share):
        return self.rng.random() < share


def moment(day, clock="12:00"):
    """A moment of a day, in the local time zone."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def years_before(day, years):
    """The same day that many years earlier; 29 February becomes 28."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
