"""What the steps of the loading hand on to each other, and how large a town is."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from izmek.site.populate.loading import Loader


@dataclass(frozen=True)
class Size:
    """How much of everything. A course has about 50 seats, a lane two courses a year."""

    years: int
    centres: int
    rooms: int
    programmes: int
    teachers: int  # at least as many as rooms, or one would be at two places at once
    lanes: int  # weekly times at which courses follow each other; at most twice the teachers
    exhibitions: int
    works: int  # in all exhibitions together
    largest: int  # works in the largest exhibition, which is open
    log: int  # rows of the access log
    picture: int = 960  # pixels of the long side of a picture

    @property
    def tenth(self):
        """A tenth of the people, courses and works, in the same years."""
        return Size(
            years=self.years,
            centres=max(2, self.centres // 10),
            rooms=max(3, self.rooms // 10),
            programmes=max(4, self.programmes // 10),
            teachers=max(5, self.teachers // 10),
            lanes=max(10, self.lanes // 10),
            exhibitions=max(6, self.exhibitions // 10),
            works=max(60, self.works // 10),
            largest=max(20, self.largest // 10),
            log=max(50, self.log // 10),
            picture=self.picture,
        )


SIZES = {
    # 10,000 enrolments: a small town in its first year.
    "small": Size(
        years=1,
        centres=10,
        rooms=30,
        programmes=50,
        teachers=55,
        lanes=100,
        exhibitions=12,
        works=1_000,
        largest=400,
        log=5_000,
    ),
    # 50,000 enrolments: so many that the database chooses its plans as for more.
    "medium": Size(
        years=3,
        centres=30,
        rooms=60,
        programmes=100,
        teachers=90,
        lanes=165,
        exhibitions=10,
        works=2_000,
        largest=600,
        log=20_000,
    ),
    # 1,000,000 enrolments: a town ten years on (DOMAIN.md §1).
    "large": Size(
        years=10,
        centres=100,
        rooms=300,
        programmes=500,
        teachers=550,
        lanes=1_000,
        exhibitions=60,
        works=20_000,
        largest=2_000,
        log=500_000,
    ),
    # As little as has one of everything: for tests.
    "tiny": Size(
        years=1,
        centres=2,
        rooms=3,
        programmes=4,
        teachers=5,
        lanes=10,
        exhibitions=6,
        works=150,
        largest=70,
        log=50,
        picture=300,
    ),
}


def moment(day, clock=time(12)):
    """A moment of a day, in the local time zone."""
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


@dataclass
class Lesson:
    key: int
    day: date
    hours: int


@dataclass
class Run:
    """A course with what later rows refer to."""

    key: int
    state: str
    begin: date
    end: date
    year: int
    programme: int
    centre: int
    teacher: int
    user: int  # of the teacher
    capacity: int
    full: bool  # as many seats are taken as there are
    modules: list = field(default_factory=list)  # keys
    lessons: list = field(default_factory=list)  # those whose roll was called
    makers: list = field(default_factory=list)  # keys of some trainees who were there to the end


@dataclass
class Town:
    """The keys of what is there already."""

    size: Size
    today: date
    loader: Loader
    rng: random.Random
    users: dict = field(default_factory=dict)  # by username: User
    neighbourhoods: list = field(default_factory=list)
    years: dict = field(default_factory=dict)  # by the calendar year in which it begins: key
    terms: list = field(default_factory=list)  # (begin, end, key, year)
    holidays: dict = field(default_factory=dict)  # day: part of the day
    centres: list = field(default_factory=list)
    rooms: list = field(default_factory=list)  # (key, centre)
    programmes: list = field(default_factory=list)  # (key, name, hours, modules)
    teachers: list = field(default_factory=list)  # (key, user)
    officers: dict = field(default_factory=dict)  # by centre: key of a user
    notices: dict = field(default_factory=dict)  # by kind
    runs: list = field(default_factory=list)
    trainees: list = field(default_factory=list)  # keys
    applications: int = 0

    def add(self, model, **values):
        return self.loader.add(model, **values)

    def chance(self, share):
        return self.rng.random() < share

    def day(self, days):
        return self.today + timedelta(days=days)

    def content_type(self, model):
        return ContentType.objects.get_for_model(model).pk

    @property
    def manager(self):
        return self.users["yonetici"]

    @property
    def curator(self):
        return self.users["kurator"]
