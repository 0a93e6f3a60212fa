"""Names of people inside texts. The consent rules for maker names do not reach these names.

In the texts of a work its makers are looked for by the surname alone, and the others who belong to
it, the trainees of its course and its teacher, by the name. In the texts of an exhibition and its
visitor book the people of all its works are looked for by the name: they are hundreds, and a
surname may be a common word such as "çiçek". The same holds for the texts of a course, a centre or
a programme, and for a photo of a centre: they are looked through for the people of the courses,
their teachers too. The name of a group may be nobody's name at all. A guest is somebody in public
office, so a guest's name is read as a whole, and where it stands in a text it names the guest: the
mayor Fatma Kaplan Hürriyet is not the trainee Fatma Kaplan. Venue and address are not looked at, as
places are called after people.
"""

import re
from collections import defaultdict
from typing import NamedTuple

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, CourseCentre, Programme, Teacher, TeacherChange
from exhibitions.enums import ExhibitionState, NameForm, NoteState, Surface, WorkState
from exhibitions.models import (
    Exhibition,
    Guest,
    Maker,
    Partner,
    Photo,
    Showing,
    VisitorNote,
    Work,
)
from exhibitions.queries.makers import named_teachers
from izmek.acts.leftovers import among
from izmek.acts.refusal import Refusal
from izmek.text.fold import fold
from izmek.text.sought import SoughtTexts
from trainees.enums import Purpose
from trainees.models import Consent, Enrolment, Trainee
from trainees.queries.people import adulthood
from trainees.services.contacts import spelled

# The columns that visitors read.
TEXTS = {
    Work: ("title", "title_en", "text", "text_en", "materials", "materials_en"),
    Exhibition: (
        "title",
        "title_en",
        "text",
        "text_en",
        "date_note",
        "access",
        "access_en",
        "entry",
        "entry_en",
        "state_reason",
        "slug",
    ),
    Guest: ("office", "office_en"),
    Partner: ("name", "role", "role_en"),
    Photo: ("alt", "alt_en", "caption", "caption_en", "credit"),
    VisitorNote: ("text",),
    Course: ("group", "note", "note_en"),
    CourseCentre: ("hours", "access", "text", "text_en"),
    Programme: ("text", "text_en", "bring", "bring_en"),
}
PLACES = (Course, CourseCentre, Programme)
GROUP = "group_name"
# Columns in which a name stands as a name.
SIGNED = {VisitorNote: ("name",), Guest: ("name",), Maker: (GROUP,)}
AT_ONCE = 500  # works whose texts are read at a time


class Named(NamedTuple):
    """A text that names a person: its row, the place in words, the column and the person."""

    row: models.Model
    place: str
    field: str
    who: Trainee | Teacher


# --- Asked by what makes or keeps a text public -----------------------------------------------


def check_names_in_texts(*rows):
    """Raise Refusal when a text of a row names a person who may not be named on the web.

    The rows are works, exhibitions, photos, visitors' notes, courses, centres and programmes. The
    sentence tells name and place.
    """
    for row in rows:
        refuse_named(_names_in(row), of=row)


def check_texts_of_exhibition(exhibition):
    """`check_names_in_texts` for an exhibition and all its approved works."""
    check_names_in_texts(exhibition)
    refuse_named(_in_works(Work.objects.shown_at(exhibition)), of=exhibition)


def check_group_names(work):
    """Raise Refusal when the group that made a work is called like a person without consent."""
    found = _in_works(Work.objects.filter(pk=work.pk))
    refuse_named([named for named in found if named.field == GROUP], of=work)


def names_in_work(work):
    """Every Named of the texts of a work that `with_texts` has read, approved or not."""
    return _in_read([work])


def with_texts(works):
    """Works (a QuerySet) with whatever the looking for names reads of them."""
    makers = Prefetch("makers", Maker.objects.with_public_names(Surface.WEB))
    return works.select_related("teacher").prefetch_related(makers, "photos")


def refuse_named(found, of):
    """Raise the Refusal for the first of these, if any; at its field, if it is one of the row."""
    for row, place, field, who in found:
        raise Refusal(
            _("%(place)s: it names %(who)s, who does not consent to a name on the web."),
            params={"place": place if row == of else f"{row}, {place}", "who": who},
            field=field if row == of else None,
            code="name",
        )


# --- What stands in public texts ----------------------------------------------------------------


def named_in_public(who=None):
    """[(row, Named)] of all public texts that name someone who may not be named on the web now.

    The row is the one on whose page the text is mended. `who`: the person to look for, by default
    everybody. The acts check the texts too, but a consent may be withdrawn later.
    """
    works, exhibitions = Work.objects.all_public(), Exhibition.objects.public()
    if who is not None:
        theirs = _works_of(who)
        works = works.filter(pk__in=theirs)
        showings = Showing.objects.filter(work__in=theirs)
        exhibitions = exhibitions.filter(pk__in=showings.values("exhibition"))
    keys = list(works.order_by("pk").values_list("pk", flat=True))
    found = []
    for first in range(0, len(keys), AT_ONCE):
        some = Work.objects.filter(pk__in=keys[first : first + AT_ONCE])
        found += [(named.row, named) for named in _in_works(some, who)]
    for row in (*exhibitions.order_by("pk"), *_places(who)):
        found += [(row, named) for named in _in_page(row, who)]
    return found


def named_in_public_row(row):
    """The same of one work, exhibition, course, centre or programme."""
    if isinstance(row, Work):
        works = Work.objects.all_public().filter(pk=row.pk)
        return [(row, named) for named in _in_works(works)]
    if isinstance(row, Exhibition) and not row.is_public():
        return []
    return [(row, named) for named in _in_page(row)]


def rows_that_name(people):
    """The rows on whose pages texts have the whole name of one of the people, public or not; each once.

    Also where somebody signed with it: in a visitor book, as a guest, as a group.
    """
    sought = SoughtTexts(text for person in people for text in spelled(person))
    found = {}
    for model, columns in (TEXTS | SIGNED).items():
        columns = [*TEXTS.get(model, ()), *SIGNED.get(model, ())]
        for row in among(sought, model._base_manager.all(), columns):
            found[page_of(row)] = True
    return list(found)


def page_of(row):
    """The row on whose page the texts of another are mended: a photo's work, a note's exhibition."""
    if isinstance(row, Photo):
        return row.work or row.exhibition or row.centre
    if isinstance(row, Maker):
        return row.work
    return row.exhibition if isinstance(row, VisitorNote | Guest | Partner) else row


def _in_page(row, who=None):
    if isinstance(row, Exhibition):
        return _in_exhibition(row, [row, *row.notes.shown()], who)
    return _at_place(row, row, who)


def _places(who):
    """The courses, centres and programmes that visitors read; of a person, theirs alone."""
    courses = Course.objects.exclude(state=CourseState.PLANNED).select_related("centre")
    around = [CourseCentre.objects.public(), Programme.objects.all()]
    if who is not None:
        of = Q(teacher=who) | Q(teacher_changes__teacher=who)
        if isinstance(who, Trainee):
            of = Q(enrolments__trainee=who)
        courses = courses.filter(pk__in=Course.objects.filter(of).values("pk"))
        around = [
            rows.filter(pk__in=courses.values(name))
            for rows, name in zip(around, ("centre", "programme"), strict=True)
        ]
    written = ~Q(note="", note_en="") | Q(group__contains=" ")  # a name has two words
    for rows in (courses.filter(written), *around):
        yield from rows.order_by("pk")


def _works_of(who):
    """The keys of the works that a person belongs to, read by the index of each way."""
    if isinstance(who, Teacher):
        made, taught = Maker.objects.filter(teacher=who), Work.objects.filter(teacher=who)
    else:
        seats = Enrolment.objects.filter(trainee=who)
        made = Maker.objects.filter(trainee=who)
        taught = Work.objects.filter(course__in=seats.values("course"))
    groups = Maker.objects.filter(group_folded=who.folded)
    ways = made.values("work"), groups.values("work"), taught.values("pk")
    first, *others = (rows.order_by() for rows in ways)
    return [row["work"] for row in first.union(*others)]


# --- Looking for them -------------------------------------------------------------------------


def is_public(row):
    """Whether visitors read the texts of a row, now or once its exhibition is public.

    A planned course counts as well: nobody looks at its note again when it opens.
    """
    if isinstance(row, PLACES):
        return True
    if isinstance(row, Photo):
        return row.centre_id is not None or is_public(row.work or row.exhibition)
    if isinstance(row, VisitorNote):
        return row.state == NoteState.SHOWN
    if isinstance(row, Work):
        return row.state == WorkState.APPROVED
    return row.state in ExhibitionState.public()


def _names_in(row):
    """Every Named of a row's texts; for a photo and a note those of the row alone.

    For a work also those in the texts of public exhibitions that name someone who belongs to it.
    """
    if isinstance(row, Work):
        work = Work.objects.filter(pk=row.pk)
        found = _in_works(work)
        shown = row.showings.filter(approved_at__isnull=False)
        for at in Exhibition.objects.public().filter(pk__in=shown.values("exhibition")):
            found += _in_exhibition(at, [at, *at.notes.shown()], works=work)
        return found
    if isinstance(row, VisitorNote):
        return _in_exhibition(row.exhibition, [row])
    if isinstance(row, Exhibition):
        return _in_exhibition(row, [row])
    if isinstance(row, PLACES):
        return _at_place(row, row)
    if row.exhibition_id:
        return _in_exhibition(row.exhibition, [row])
    if row.work_id:
        return _in_works(Work.objects.filter(pk=row.work_id), photo=row)
    return _at_place(row, row.centre)


def _at_place(row, place, who=None):
    """Every Named of the texts of a row of a course, centre or programme, or only `who`."""
    texts = list(_texts(row))
    if not texts:
        return []
    return _unwilling(_by_name(row, texts, _people_at(place) if who is None else [who]))


def _people_at(place):
    """The trainees and the teachers of a course, or of the courses of a centre or programme."""
    column = {Course: "pk", CourseCentre: "centre", Programme: "programme"}[type(place)]
    courses = Course.objects.filter(**{column: place.pk})
    seats = Enrolment.objects.filter(course__in=courses)
    later = TeacherChange.objects.filter(course__in=courses)
    teach = Q(pk__in=courses.values("teacher")) | Q(pk__in=later.values("teacher"))
    if not isinstance(place, Course):
        teach |= Q(pk__in=place.teachers.values("pk"))
    trainees = Trainee.objects.filter(pk__in=seats.values("trainee"))
    return [*_named_only(trainees), *_named_only(Teacher.objects.filter(teach))]


def _in_works(works, who=None, photo=None):
    """Every Named of the texts of works, or of one photo of the only work.

    `who`: looks for this person alone.
    """
    return _in_read(with_texts(works), who, photo)


def _in_read(works, who=None, photo=None):
    """The same for works that `with_texts` has read."""
    works = list(works)
    seats = Enrolment.objects.filter(course__in={work.course_id for work in works} - {None})
    if isinstance(who, Trainee):
        seats = seats.filter(trainee=who)
    elif who is not None:
        seats = seats.none()
    unnamed, classes = {}, defaultdict(list)
    for work in works:
        people = [maker for maker in work.makers.all() if not maker.group_name]
        unnamed[work.pk] = [
            maker.trainee or maker.teacher for maker in people if maker.shows != NameForm.FULL
        ]
    for seat in seats.select_related("trainee").only("course", *_columns("trainee__")):
        classes[seat.course_id].append(seat.trainee)
    groups = {maker.group_folded for work in works for maker in work.makers.all()} - {""}
    namesakes = defaultdict(list)
    for kind in (Trainee, Teacher) if groups else ():
        for person in _named_only(kind.objects.filter(folded__in=groups)):
            namesakes[person.folded].append(person)
    surely, perhaps = [], []
    for work in works:
        texts = list(_texts(photo or work))
        surely += _by_surname(photo or work, texts, unnamed[work.pk])
        people = classes[work.course_id]
        if work.teacher and who in (None, work.teacher):
            people = [*people, work.teacher]
        perhaps += _by_name(photo or work, texts, people)
        for maker in work.makers.all():
            label = maker._meta.get_field(GROUP).verbose_name
            for person in namesakes[maker.group_folded]:
                perhaps.append(Named(work, str(label), GROUP, person))
    found = surely + _unwilling(perhaps)
    return found if who is None else [named for named in found if named.who == who]


def _in_exhibition(exhibition, rows, who=None, works=None):
    """Every Named of the texts of rows of an exhibition: itself with its guests, its photos, its notes.

    `who`: looks for this person alone; `works`: for the people of these, by default of all.
    """
    if who is not None:
        people = [who]
    else:
        works = Work.objects.shown_at(exhibition).order_by() if works is None else works
        made = Maker.objects.filter(work__in=works.values("pk")).order_by()
        seats = Enrolment.objects.filter(course__in=works.values("course")).order_by()
        trainees = made.values("trainee").union(seats.values("trainee"))
        teachers = made.values("teacher").union(works.values("teacher"))
        people = [
            *_named_only(Trainee.objects.filter(pk__in=trainees)),
            *_named_only(Teacher.objects.filter(pk__in=teachers)),
        ]
    guests = {" ".join(_words(guest.name)) for guest in exhibition.guests.all()}
    found = []
    for row in rows:
        texts = [(*where, _without(guests, words)) for *where, words in _texts(row)]
        found += _by_name(row, texts, people)
        if row == exhibition:
            place = f"{Guest._meta.verbose_name}, {Guest._meta.get_field('name').verbose_name}"
            alike = [one for one in people if guests and " ".join(_words(one.folded)) in guests]
            found += [Named(row, place, None, one) for one in alike]
    return _unwilling(found)


def _without(names, words):
    """The words without the names, each of which leaves a gap."""
    text = f" {' '.join(words)} "
    for name in names:
        text = text.replace(f" {name} ", " | ")
    return text.split()


def _named_only(people):
    return people.only("pk", *_columns())


def _columns(path=""):
    return [f"{path}{name}" for name in ("first_name", "last_name", "folded")]


def _texts(row):
    """(place in words, column, words) of each text of a row, also of its photos, groups, guests …"""
    of = f"{row._meta.verbose_name}, " if isinstance(row, (Photo, Guest, Partner)) else ""
    for name in TEXTS[type(row)]:
        if words := _words(getattr(row, name)):
            yield f"{of}{row._meta.get_field(name).verbose_name}", name, words
    if isinstance(row, Work):
        for maker in row.makers.all():
            if maker.group_name:
                label = maker._meta.get_field(GROUP).verbose_name
                yield str(label), GROUP, _words(maker.group_name)
    below = [*row.photos.all()] if isinstance(row, (Work, Exhibition)) else []
    if isinstance(row, Exhibition):
        below += [*row.guests.all(), *row.partners.all()]
    for one in below:
        for place, _name, words in _texts(one):
            yield place, None, words


def _by_surname(row, texts, people):
    for place, field, words in texts:
        for person in people:
            surname = set(_words(person.last_name))
            if surname and surname <= set(words):
                yield Named(row, place, field, person)


def _by_name(row, texts, people):
    """Those named by a given name beside the surname, in either order."""
    texts = [(place, field, f" {' '.join(words)} ") for place, field, words in texts]
    for person in people if texts else ():
        surname = " ".join(_words(person.last_name))
        given = _words(person.first_name) if surname else []
        names = [f" {one} {surname} " for one in given] + [f" {surname} {one} " for one in given]
        for place, field, text in texts:
            if any(name in text for name in names):
                yield Named(row, place, field, person)


def _unwilling(found):
    """Those whose full name may not stand on the web now."""
    found = list(found)
    if not found:
        return []
    trainees = {named.who.pk for named in found if isinstance(named.who, Trainee)}
    teachers = {named.who.pk for named in found if isinstance(named.who, Teacher)}
    agrees = Consent.objects.holds(Purpose.NAME_WEB, trainee="pk")
    grown_up = Trainee.objects.filter(pk__in=trainees, birth_date__lte=adulthood())
    willing = {
        *grown_up.annotate(agrees=agrees).filter(agrees=True),
        *named_teachers(Surface.WEB).filter(pk__in=teachers),
    }
    return [named for named in found if named.who not in willing]


def _words(text):
    """The words as the search splits them; a suffix after an apostrophe is a separate word."""
    return re.findall(r"\w+", fold(text))
