"""Users, places, years and holidays, programmes and teachers of a populated town."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from courses.enums import TeacherKind
from courses.models import (
    CentreOfficer,
    CourseCentre,
    EducationYear,
    Field,
    Holiday,
    Module,
    Neighbourhood,
    Programme,
    Room,
    Teacher,
    Term,
)
from exhibitions.models import Technique
from izmek.accounts.roles import Role
from izmek.models import User
from izmek.site.demo import places as demo
from izmek.site.demo.data import names
from izmek.site.demo.data.places import FIXED_HOLIDAYS, NEIGHBOURHOODS
from izmek.site.demo.data.teaching import PROGRAMMES
from izmek.text.fold import slug
from trainees.enums import Channel, Purpose
from trainees.models import Consent, NoticeText

LEVELS = [
    "",
    "Başlangıç",
    "Orta",
    "İleri",
    "Usta",
    "Tasarım",
    "Uygulama",
    "Atölye",
    "Onarım",
    "Çağdaş",
]
MODULES = ["Hazırlık", "Temel teknikler", "Uygulama"]
SEATS = 60  # in a room
LESSONS, HOURS = 35, 4  # of a course; hours of a lesson


def make_users(town, password):
    demo.make_users(town, password)
    demo.make_notices(town)
    town.notices = {notice.kind: notice.pk for notice in NoticeText.objects.filter(language="tr")}


def make_places(town):
    rng = town.rng
    known = list(NEIGHBOURHOODS)
    count = max(len(known), town.size.centres // 2)
    for index in range(count):
        name = known[index] if index < len(known) else f"{known[index % len(known)]} {index}"
        town.neighbourhoods.append(town.add(Neighbourhood, name=name, district="İzmit"))
    group = Group.objects.get(name=Role.OFFICER.value).pk
    nobody = make_password(None)
    for index in range(town.size.centres):
        name = known[index] if index < len(known) else f"{known[index % len(known)]} {index}"
        centre = town.add(
            CourseCentre,
            name=f"{name} Kurs Merkezi",
            slug=slug(name),
            neighbourhood_id=town.neighbourhoods[index % count],
            address=f"Okul Sokak No: {index + 1}",
            phone=f"+90262000{index:04d}",
            email=f"merkez{index}@example.org",
            hours="Hafta içi 08.30-17.30",
            access="Girişte rampa var.",
            text="Mahallenin kurs merkezi. " * 6,
            text_en="The course centre of the neighbourhood. " * 6,
            latitude=f"40.7{index:04d}",
            longitude=f"29.9{index:04d}",
        )
        town.centres.append(centre)
        if index == 0:
            officer = town.users["merkez"].pk
        else:
            officer = town.add(
                User,
                username=f"merkez{index}",
                first_name=rng.choice(names.WOMEN),
                last_name=rng.choice(names.SURNAMES),
                email=f"sorumlu{index}@example.org",
                password=nobody,
            )
            town.add(User.groups.through, user_id=officer, group_id=group)
        town.add(CentreOfficer, user_id=officer, centre_id=centre)
        town.officers[centre] = officer
    for index in range(town.size.rooms):
        centre = town.centres[index % len(town.centres)]
        number = index // len(town.centres) + 1
        room = town.add(Room, centre_id=centre, name=f"Derslik {number}", capacity=SEATS)
        town.rooms.append((room, centre))


def make_calendar(town):
    """Education years with three terms that leave no day out, and the holidays of fixed days."""
    soon = town.day(120)
    last = soon.year - (soon.month < 9)
    first = town.today.year - (town.today.month < 9) - town.size.years
    for begin in range(first, last + 1):
        opens, closes = date(begin, 9, 1), date(begin + 1, 8, 31)
        year = town.add(EducationYear, name=f"{begin}-{begin + 1}", begin=opens, end=closes)
        town.years[begin] = year
        for name, from_day, to_day in (
            ("Güz", opens, date(begin + 1, 1, 31)),
            ("Bahar", date(begin + 1, 2, 1), date(begin + 1, 6, 30)),
            ("Yaz", date(begin + 1, 7, 1), closes),
        ):
            term = town.add(Term, year_id=year, name=name, begin=from_day, end=to_day)
            town.terms.append((from_day, to_day, term, begin))
    for year in range(first, last + 2):
        for name, month, begin, end, part in FIXED_HOLIDAYS:
            days = [date(year, month, day) for day in range(begin, end + 1)]
            if town.today in days:
                continue  # today there are lessons, whatever the day
            town.add(Holiday, name=name, begin=days[0], end=days[-1], part=part)
            town.holidays.update(dict.fromkeys(days, part))


def make_programmes(town):
    fields = [town.add(Field, name=name) for name in {row[0]: 1 for row in PROGRAMMES.values()}]
    known = list(PROGRAMMES.values())
    crafts = list(Technique.objects.order_by("pk").values_list("name", "name_en"))
    for index in range(town.size.programmes):
        craft, craft_en = crafts[index % len(crafts)]
        level = LEVELS[index // len(crafts) % len(LEVELS)]
        sample = known[index % len(known)]
        name = f"{craft} {level}".strip()
        hours = LESSONS * HOURS
        programme = town.add(
            Programme,
            field_id=fields[index % len(fields)],
            name=name,
            name_en=craft_en,
            total_hours=hours,
            module_based=index % 2 == 0,
            text=sample[7],
            text_en=sample[8],
            bring=sample[9],
            bring_en=sample[10],
        )
        modules = []
        if index % 2 == 0:
            modules = MODULES[: 2 + index % 4 // 2]
            for order, module in enumerate(modules, 1):
                town.add(
                    Module,
                    programme_id=programme,
                    name=module,
                    hours=hours // len(modules),
                    order=order,
                )
        town.programmes.append((programme, name, modules))


def make_teachers(town):
    """Teachers with accounts; the first is the one who signs in."""
    rng = town.rng
    group = Group.objects.get(name=Role.TEACHER.value).pk
    nobody = make_password(None)
    asked = town.loader.now - timedelta(days=300)
    for index in range(town.size.teachers):
        first, last = rng.choice(names.WOMEN), rng.choice(names.SURNAMES)
        if index == 0:
            user = town.users["ogretmen"].pk
            first, last = town.users["ogretmen"].first_name, town.users["ogretmen"].last_name
        else:
            user = town.add(
                User,
                username=f"ogretmen{index}",
                first_name=first,
                last_name=last,
                email=f"ogretmen{index}@example.org",
                password=nobody,
            )
            town.add(User.groups.through, user_id=user, group_id=group)
        teacher = town.add(
            Teacher,
            first_name=first,
            last_name=last,
            kind=TeacherKind.values[index % 3],
            phone=f"+90555900{index:04d}",
            email=f"ogretmen{index}@example.org",
            user_id=user,
        )
        town.teachers.append((teacher, user))
        for turn in range(2):
            programme = town.programmes[(index * 2 + turn) % len(town.programmes)][0]
            town.add(Teacher.programmes.through, teacher_id=teacher, programme_id=programme)
        for purpose in (Purpose.NAME_LABEL, Purpose.NAME_WEB) if index % 10 != 9 else ():
            town.add(
                Consent,
                teacher_id=teacher,
                purpose=purpose,
                answer=index % 7 != 6,
                notice_id=town.notices["consent"],
                channel=Channel.PAPER,
                at=asked,
                by_id=town.manager.pk,
            )
