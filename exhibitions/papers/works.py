"""The works of an exhibition for papers: texts, and names as far as people consent."""

from collections import defaultdict

from django.utils.translation import ngettext

from exhibitions.enums import Surface
from exhibitions.models import Maker, Work
from exhibitions.papers.wording import paragraphs, said, sale
from exhibitions.queries.makers import named_teachers
from izmek.papers.signs import unprintable
from izmek.papers.typst import breakable
from izmek.text.fold import fold
from izmek.text.languages import in_language, language_of


def approved(exhibition, user=None):
    """The approved showings of an exhibition, in order; for a `user`, of works that the user may see."""
    showings = exhibition.showings.approved()
    if user is None:
        return showings
    return showings.filter(work__in=Work.objects.visible_to(user).values("pk"))


def works_of(exhibition, user=None):
    """The same with all that papers print of them, as a list."""
    showings = list(approved(exhibition, user).select_related("work"))
    works = [showing.work for showing in showings]
    _share(works, "technique", "year", "centre", "course")
    _share([work.centre for work in works], "neighbourhood")
    _share([work.course for work in works if work.course], "programme")
    return showings


def _share(rows, *names):
    """Give rows their related rows, each read once: 1,200 works share a few dozen centres.

    `prefetch_related` does the same, but SQLite refuses its question about more than 1,000 of them.
    """
    for name in names if rows else ():
        field = type(rows[0])._meta.get_field(name)
        keys = {getattr(row, field.attname) for row in rows} - {None}
        found = field.related_model._base_manager.in_bulk(keys)
        for row in rows:
            setattr(row, name, found.get(getattr(row, field.attname)))


def entries(exhibition, showings, surface):
    """What papers print of each showing, as a list of dicts.

    A text that may be in another language than the paper is {text, lang}. Names are those that may
    be shown on the surface now.
    """
    makers = _makers(exhibition, surface)
    teachers = {row.pk: str(row) for row in named_teachers(surface)}
    return [_entry(showing, makers.get(showing.work_id, []), teachers) for showing in showings]


def not_printable(exhibition, showings):
    """[(the exhibition or a work, its characters that no font has)], empty if all can be printed."""
    own = [exhibition.title, exhibition.title_en, exhibition.text, exhibition.text_en]
    own += [exhibition.place, exhibition.neighbourhood, exhibition.entry, *exhibition.centres.all()]
    for one in exhibition.guests.all():
        own += [one.name, one.office, one.office_en]
    for one in exhibition.partners.all():
        own += [one.name, one.role, one.role_en]
    found = [(exhibition, unprintable([str(text) for text in own]))]
    printed = [entries(exhibition, showings, surface) for surface in Surface]
    for showing, *rows in zip(showings, *printed, strict=True):
        work = showing.work
        english = [work.title_en, work.materials_en, work.text, work.text_en]
        found.append((work, unprintable([rows, english])))
    return [(row, signs) for row, signs in found if signs]


def _entry(showing, makers, teachers):
    work = showing.work
    course, technique = work.course, said(work.technique, "name")
    branch = course and said(course.programme, "name")
    same = branch and fold(branch["text"]) == fold(technique["text"])
    return {
        "number": work.number,
        "title": said(work, "title"),
        "title_en": "" if work.title_en == work.title else breakable(work.title_en),
        "makers": _in_words(makers),
        "first_maker": _in_words(makers, most=1),
        "technique": technique,
        "materials": said(work, "materials"),
        "size": work.size.replace(" ", "\u00a0"),
        "branch": None if same else branch,
        "centre": breakable(work.centre.name),
        "teacher": teachers.get(work.teacher_id, ""),
        "year": work.year.name,
        "sale": sale(work),
        "text": paragraphs(in_language(work, "text")),
        "text_lang": language_of(work, "text"),
        "place": breakable(showing.place),
        "highlight": showing.highlight,
    }


def _makers(exhibition, surface):
    """The makers of each work: {key of the work: its makers with public names}."""
    rows = Maker.objects.with_public_names(surface).filter(
        work__in=exhibition.showings.approved().values("work")
    )
    names = [
        f"{person}__{name}_name" for person in ("trainee", "teacher") for name in ("first", "last")
    ]
    rows = rows.only("work", "group_name", *names)
    of_work = defaultdict(list)
    for maker in rows:
        of_work[maker.work_id].append(maker)
    return of_work


def _in_words(makers, most=None):
    """The makers in words: "Zeynep Y., 2 İZMEK kursiyeri". `most`: of more, how many are left out."""
    named = [breakable(maker.public_name) for maker in makers if maker.public_name]
    if named and most and len(makers) > most:
        more = len(makers) - most
        words = ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
        return ", ".join([*named[:most], words.replace(" ", "\u00a0")])
    unnamed = [maker for maker in makers if not maker.public_name]
    teachers = sum(maker.teacher_id is not None for maker in unnamed)
    trainees = len(unnamed) - teachers
    if trainees:
        named.append(
            ngettext("İZMEK trainee", "%(count)d İZMEK trainees", trainees) % {"count": trainees}
        )
    if teachers:
        named.append(
            ngettext("İZMEK teacher", "%(count)d İZMEK teachers", teachers) % {"count": teachers}
        )
    return ", ".join(named)
