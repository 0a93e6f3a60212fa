"""Rows for tests: each function makes one with sensible values; say only what the test is about."""

import io
from datetime import date, time, timedelta
from itertools import count

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from courses.enums import CourseState
from courses.models import (
    Course,
    CourseCentre,
    EducationYear,
    Field,
    Neighbourhood,
    Programme,
    Room,
    Session,
    Teacher,
    Term,
)
from exhibitions.enums import ExhibitionState, NameForm, WorkState
from exhibitions.models import Exhibition, Maker, Photo, Showing, Technique, Work
from exhibitions.services import add_photo, store_photo
from izmek.media.photos import clean_photo
from izmek.models import User
from trainees.enums import Channel
from trainees.models import Enrolment, Guardian, Trainee
from trainees.services import confirm_application, confirmation_code

_numbers = count(1)


def user(*roles, centres=(), **fields):
    """Someone who signs in with the given roles; an officer of the given centres."""
    fields.setdefault("username", f"user{next(_numbers)}")
    made = User.objects.create_user(**fields)
    made.groups.set(Group.objects.filter(name__in=roles))
    for place in centres:
        made.offices.create(centre=place)
    return made


def neighbourhood(name="Akmeşe"):
    return Neighbourhood.objects.get_or_create(name=name)[0]


def centre(name=None, **fields):
    name = name or f"Merkez {next(_numbers)}"
    fields.setdefault("slug", f"merkez-{next(_numbers)}")
    fields.setdefault("neighbourhood", neighbourhood())
    return CourseCentre.objects.create(name=name, **fields)


def room(at, capacity=25, **fields):
    fields.setdefault("name", f"Derslik {next(_numbers)}")
    return Room.objects.create(centre=at, capacity=capacity, **fields)


def year(begin=None, **fields):
    """The education year around the day (today)."""
    begin = begin or timezone.localdate() - timedelta(days=60)
    name = fields.pop("name", f"{begin.year}-{begin.year + 1}")
    defaults = {"begin": begin, "end": begin + timedelta(days=300), **fields}
    return EducationYear.objects.get_or_create(name=name, defaults=defaults)[0]


def term(of=None, **fields):
    of = of or year()
    defaults = {"begin": of.begin, "end": of.end, **fields}
    return Term.objects.get_or_create(year=of, name="Güz", defaults=defaults)[0]


def programme(name=None, **fields):
    field = Field.objects.get_or_create(name="El Sanatları Teknolojisi")[0]
    fields.setdefault("total_hours", 120)
    return Programme.objects.create(field=field, name=name or f"Kurs {next(_numbers)}", **fields)


def teacher(first_name="Hatice", last_name="Demir", with_user=False, **fields):
    fields.setdefault("kind", "paid instructor")
    if with_user:
        fields["user"] = user("ogretmen")
    return Teacher.objects.create(first_name=first_name, last_name=last_name, **fields)


def course(state=CourseState.RUNNING, **fields):
    """A course that runs since a month; open and running ones carry the rules of their year."""
    fields.setdefault("centre", None)
    fields["centre"] = fields["centre"] or centre()
    fields.setdefault("programme", None)
    fields["programme"] = fields["programme"] or programme()
    fields.setdefault("teacher", None)
    fields["teacher"] = fields["teacher"] or teacher()
    fields.setdefault("term", None)
    fields["term"] = fields["term"] or term()
    fields.setdefault("begin", timezone.localdate() - timedelta(days=30))
    fields.setdefault("end", fields["begin"] + timedelta(days=120))
    fields.setdefault("capacity", 20)
    if state not in (CourseState.PLANNED, CourseState.CANCELLED):
        rules = fields["term"].year
        fields.setdefault("total_hours", fields["programme"].total_hours)
        fields.setdefault("pass_mark", rules.pass_mark)
        fields.setdefault("absence_limit_numerator", rules.absence_limit_numerator)
        fields.setdefault("absence_limit_denominator", rules.absence_limit_denominator)
    return Course.objects.create(state=state, **fields)


def session(of, day=None, begin=time(9), end=time(12), lesson_hours=4, **fields):
    day = day or timezone.localdate()
    return Session.objects.create(
        course=of, date=day, begin=begin, end=end, lesson_hours=lesson_hours, **fields
    )


def trainee(first_name="Zeynep", last_name="Yıldız", **fields):
    fields.setdefault("birth_date", date(1980, 5, 17))
    return Trainee.objects.create(first_name=first_name, last_name=last_name, **fields)


def minor(first_name="Elif", last_name="Kaya", years=16, **fields):
    """A trainee under 18 with a guardian who permitted her to attend."""
    today = timezone.localdate()
    young = trainee(
        first_name, last_name, birth_date=today - timedelta(days=int(years * 365.25) + 30), **fields
    )
    Guardian.objects.create(trainee=young, name="Ayla Kaya", relation="anne", permission_on=today)
    return young


def enrolment(who=None, of=None, **fields):
    of = of or course()
    fields.setdefault("joined_on", of.begin)
    return Enrolment.objects.create(trainee=who or trainee(), course=of, **fields)


def confirmed(application):
    """The application, once the applicant has opened the link of the letter and pressed the button."""
    code = confirmation_code(application)
    return confirm_application(application=application, code=code)


def technique(name="İğne Oyası"):
    return Technique.objects.get_or_create(name=name)[0]


def work(title="Karanfil oyası", makers=(), form=NameForm.FULL, **fields):
    """An approved work; `makers` are trainees, teachers or the name of a group."""
    fields.setdefault("centre", None)
    fields["centre"] = fields["centre"] or centre()
    fields.setdefault("year", None)
    fields["year"] = fields["year"] or year()
    fields.setdefault("technique", None)
    fields["technique"] = fields["technique"] or technique()
    fields.setdefault("state", WorkState.APPROVED)
    if fields["state"] != WorkState.DRAFT:
        fields.setdefault("number", f"2023-{next(_numbers):04d}")
    if fields.get("course"):
        fields.setdefault("teacher", fields["course"].teacher)
    made = Work.objects.create(title=title, **fields)
    for maker in makers:
        key = "group_name" if isinstance(maker, str) else type(maker).__name__.lower()
        Maker.objects.create(work=made, form=form, **{key: maker})
    return made


def exhibition(title="Yıl Sonu Sergisi", works=(), **fields):
    """A published exhibition that is open today, with the works approved."""
    today = timezone.localdate()
    fields.setdefault("kind", "centre")
    fields.setdefault("slug", f"sergi-{next(_numbers)}-{today.year}")
    fields.setdefault("venue", "Mahalle Konağı")
    fields.setdefault("text", "Kursiyerlerin yıl boyunca yaptıkları.")
    fields.setdefault("begin", today - timedelta(days=2))
    fields.setdefault("end", today + timedelta(days=10))
    fields.setdefault("state", ExhibitionState.PUBLISHED)
    made = Exhibition.objects.create(title=title, **fields)
    for place, shown in enumerate(works, start=1):
        show(shown, made, order=place * 10)
    return made


def show(shown, at, **fields):
    fields.setdefault("approved_at", timezone.now())
    return Showing.objects.create(work=shown, exhibition=at, **fields)


def consent(person, purpose, answer=True, **fields):
    """The recorded answer of a trainee or a teacher."""
    fields.setdefault("channel", Channel.PAPER)
    return person.consents.create(purpose=purpose, answer=answer, **fields)


def picture(width=900, height=700, name="foto.jpg", **options):
    """An upload that is a real photo."""
    data = io.BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.save(data, options.pop("format", "JPEG"), **options)
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def photo(files=False, side=620, **of):
    """A described photo of a work, an exhibition or a centre; `files` puts them into the storage."""
    if not of.get("decorative"):
        of.setdefault("alt", "Beyaz zemin üzerine kırmızı laleler")
    if files:
        stored = store_photo(clean=clean_photo(picture(side, side)))
        return add_photo(stored=stored, by=None, **of)
    return Photo.objects.create(width=side, height=side, **of)
