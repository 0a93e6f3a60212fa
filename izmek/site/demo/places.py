"""Users, places, years and holidays, programmes and teachers."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from courses.enums import DayPart
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
from izmek.accounts.roles import Role
from izmek.acts.bulk import bulk_create
from izmek.acts.saving import save
from izmek.models import User
from izmek.site.demo.data.notices import NOTICES
from izmek.site.demo.data.places import CENTRES, FEASTS, FIXED_HOLIDAYS, NEIGHBOURHOODS
from izmek.site.demo.data.teaching import COURSES, PROGRAMMES, TEACHERS
from trainees.models import NoticeText

USERS = {
    "yonetici": ("Handan", "Alkan", Role.MANAGER),
    "merkez": ("Sevgi", "Ataman", Role.OFFICER),
    "ogretmen": ("Nurhan", "Aydemir", Role.TEACHER),
    "kurator": ("Aslı", "Ersoy", Role.CURATOR),
    "denetci": ("Cevdet", "Uysal", Role.AUDITOR),
}
FIRST_YEAR = 2022


def make_users(town, password):
    # One hash for all: to compute it takes as long as a hundred rows, and the password is one.
    secret = make_password(password)
    for name, (first, last, role) in USERS.items():
        user = User.objects.create(
            username=name,
            first_name=first,
            last_name=last,
            email=f"{name}@example.org",
            password=secret,
        )
        user.groups.add(Group.objects.get(name=role.value))
        town.users[name] = user


def make_places(town):
    for name in NEIGHBOURHOODS:
        town.neighbourhoods[name] = save(Neighbourhood(name=name), by=town.manager)
    for key, row in CENTRES.items():
        name, neighbourhood, address, phone, hours, access, rooms, text, text_en = row
        town.centres[key] = save(
            CourseCentre(
                name=name,
                slug=key,
                neighbourhood=town.neighbourhoods[neighbourhood],
                address=address,
                phone=phone,
                email=f"{key}@example.org",
                hours=hours,
                access=access,
                text=text,
                text_en=text_en,
            ),
            by=town.manager,
        )
        for room, seats in rooms.items():
            town.rooms[key, room] = save(
                Room(centre=town.centres[key], name=room, capacity=seats), by=town.manager
            )
    CentreOfficer.objects.create(user=town.users["merkez"], centre=town.centres["akmese"])


def make_calendar(town):
    """Education years with three terms that leave no day out, and the official holidays.

    In summer the next year is there already: the coming courses begin in it.
    """
    soon = town.day(75)
    for begin in range(FIRST_YEAR, soon.year - (soon.month < 9) + 1):
        year = save(
            EducationYear(
                name=f"{begin}-{begin + 1}", begin=date(begin, 9, 1), end=date(begin + 1, 8, 31)
            ),
            by=town.manager,
        )
        february = date(begin + 1, 2, 1)
        for name, first, last in (
            ("Güz", year.begin, february - timedelta(days=1)),
            ("Bahar", february, date(begin + 1, 6, 30)),
            ("Yaz", date(begin + 1, 7, 1), year.end),
        ):
            save(Term(year=year, name=name, begin=first, end=last), by=town.manager)
    holidays = [
        Holiday(name=name, begin=date(year, month, first), end=date(year, month, last), part=part)
        for year in range(FIRST_YEAR, town.today.year + 3)
        for name, month, first, last, part in FIXED_HOLIDAYS
    ]
    for name, (days, beginnings) in FEASTS.items():
        for first in beginnings:
            eve = first - timedelta(days=1)
            holidays += [
                Holiday(name=f"{name} arifesi", begin=eve, end=eve, part=DayPart.AFTERNOON),
                Holiday(name=name, begin=first, end=first + timedelta(days=days - 1)),
            ]
    painting = town.monday(-160)
    holidays.append(
        Holiday(
            name="Boya ve badana",
            begin=painting,
            end=painting + timedelta(days=1),
            centre=town.centres["bekirdere"],
        )
    )
    bulk_create(holidays, by=town.manager)


def make_programmes(town):
    for key, row in PROGRAMMES.items():
        field, name, name_en, hours, modules, education, age, text, text_en, bring, bring_en = row
        town.programmes[key] = programme = save(
            Programme(
                field=Field.objects.get_or_create(name=field)[0],
                name=name,
                name_en=name_en,
                total_hours=hours,
                module_based=modules is not None,
                minimum_education=education,
                minimum_age=age,
                text=text,
                text_en=text_en,
                bring=bring,
                bring_en=bring_en,
            ),
            by=town.manager,
        )
        parts = (
            Module(programme=programme, name=module, hours=hours, order=order)
            for order, (module, hours) in enumerate((modules or {}).items(), 1)
        )
        bulk_create(parts, by=town.manager)


def make_teachers(town):
    for index, (key, (first, last, kind, programmes)) in enumerate(TEACHERS.items()):
        teacher = save(
            Teacher(
                first_name=first,
                last_name=last,
                kind=kind,
                phone=f"+90555001{index:04d}",
                email=f"{key}@example.org",
                user=town.users["ogretmen"] if key == "nurhan" else None,
            ),
            by=town.manager,
        )
        teacher.programmes.set([town.programmes[programme] for programme in programmes])
        teacher.centres.set({town.centres[row[1]] for row in COURSES if row[3] == key})
        town.teachers[key] = teacher


def make_notices(town):
    for kind, texts in NOTICES.items():
        for language, text in zip(("tr", "en"), texts, strict=True):
            notice = NoticeText(kind=kind, version=1, language=language, text=text)
            notice.written_on = date(FIRST_YEAR, 9, 1)
            save(notice, by=town.manager)
