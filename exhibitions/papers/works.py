"""The works of an exhibition for papers: texts, and names as far as people consent."""

from collections import defaultdict
from itertools import chain

from django.utils.translation import ngettext

from exhibitions.enums import Surface
from exhibitions.models import Maker, Work
from exhibitions.papers.wording import paragraphs, said, sale
from exhibitions.queries.makers import named_teachers
from izmek.papers.signs import unprintable
from izmek.papers.typst import breakable
from izmek.text.fold import fold
from izmek.text.languages import in_language, language_of

PEOPLE = [
    f"{person}__{name}_name" for person in ("trainee", "teacher") for name in ("first", "last")
]
NAMES = ["group_name", *PEOPLE]  # of a maker
TEXTS = [  # of a work
    *(f"{text}{english}" for text in ("title", "materials", "text") for english in ("", "_en")),
    *(
        f"{said}__name{english}"
        for said in ("technique", "course__programme")
        for english in ("", "_en")
    ),
    *("centre__name", "year__name", "teacher__first_name", "teacher__last_name"),
]


def approved(exhibition, user=None):
    """The approved showings of an exhibition, in order; for a `user`, of works that the user may see."""
    showings = exhibition.showings.approved()
    if user is None:
        return showings
    return showings.filter(work__in=Work.objects.visible_to(user).values("pk"))


def works_of(exhibition, user=None):
    """The same with all that papers print of them, as a list."""
    return list(with_works(approved(exhibition, user)))


def with_works(rows):
    """Rows of works, such as showings, with all that papers print of these."""
    names = ("technique", "year", "centre__neighbourhood", "course__programme")
    return rows.select_related(*(f"work__{name}" for name in names))


def entries(exhibition, showings, *surfaces, works=None):
    """What papers print of each showing, as a list of dicts.

    `works`: a query for the keys of the works; None: those approved for the exhibition. A text that may be
    in another language than the paper is {text, lang}. Names are those that may be shown now on the
    surface, or on any of several.
    """
    if not showings:
        return []
    if works is None:
        works = exhibition.showings.approved().values("work")
    makers = _makers(works, surfaces)
    teachers = {row.pk: str(row) for row in _any_of(map(named_teachers, surfaces))}
    return [_entry(showing, makers.get(showing.work_id, []), teachers) for showing in showings]


def not_printable(exhibition, showings):
    """[(the exhibition or a work, its characters that no font has)], empty if all can be printed.

    `showings`: a QuerySet of those that are printed, of which few are read whole.
    """
    own = [exhibition.title, exhibition.title_en, exhibition.text, exhibition.text_en]
    own += [exhibition.place, exhibition.neighbourhood, exhibition.entry]
    guests = exhibition.guests.order_by().values_list("name", "office", "office_en")
    partners = exhibition.partners.order_by().values_list("name", "role", "role_en")
    centres = exhibition.centres.order_by().values_list("name", "name", "name")
    for texts in guests.union(partners, centres, all=True):
        own += texts
    found = [(exhibition, unprintable([str(text) for text in own]))]
    showings = list(with_works(showings.filter(pk__in=_with_strange_signs(showings))))
    for showing, row in zip(showings, entries(exhibition, showings, *Surface), strict=True):
        work = showing.work
        english = [work.title_en, work.materials_en, work.text, work.text_en]
        found.append((work, unprintable([row, english])))
    return [(row, signs) for row, signs in found if signs]


def _with_strange_signs(showings):
    """The keys of those with a character that no font has, be it in a name that is not shown now."""
    texts = ["pk", "place", *(f"work__{name}" for name in TEXTS)]
    of_work = [f"work__makers__{name}" for name in NAMES]
    rows = [showings.order_by().values_list(*columns) for columns in (texts, ["pk", *of_work])]
    return {
        key
        for key, *words in chain(*rows)
        if unprintable(" ".join(str(word) for word in words if word))
    }


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


def _makers(works, surfaces):
    """The makers of each work: {key of the work: its makers with public names}."""
    of_work = defaultdict(list)
    for maker in _any_of(
        Maker.objects.with_public_names(surface)
        .filter(work__in=works)
        .only("work", "order", *NAMES)
        for surface in surfaces
    ):
        of_work[maker.work_id].append(maker)
    return of_work


def _any_of(parts):
    """The rows of one QuerySet, or of several by one query, without an order."""
    first, *others = parts
    return first.order_by().union(*(rows.order_by() for rows in others)) if others else first


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
