"""The works of an exhibition as papers print them: texts alone, and of people what they consent to."""

from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exhibitions import queries
from exhibitions.enums import PeopleOn, SaleStatus
from exhibitions.models import Maker, Photo, Work
from izmek.bilingual import capital, in_language, language_of
from izmek.papers import breakable, small_jpeg
from izmek.photos import JPEG_WIDTH
from izmek.turkish import fold, lira, number

TEMPLATES = Path(__file__).resolve().parent.parent / "typst"


def works_of(exhibition, user=None):
    """Its approved works in the order of the hall; for a user, those that she sees."""
    # Prefetched and not joined: 1,200 works share a few dozen centres, techniques and programmes.
    showings = (
        exhibition.showings.approved()
        .select_related("work")
        .prefetch_related(
            "work__technique",
            "work__year",
            "work__centre__neighbourhood",
            "work__course__programme",
        )
    )
    if user is not None:
        showings = showings.filter(work__in=Work.objects.visible_to(user).values("pk"))
    return list(showings)


def entries(exhibition, showings, surface):
    """What papers print of each of the showings, as a list of dicts.

    A text that may be in another language than the paper is {text, lang}. Names are those that the
    surface may print at this moment.
    """
    makers = _makers(exhibition, surface)
    teachers = {row.pk: str(row) for row in queries.named_teachers(surface)}
    return [_entry(showing, makers.get(showing.work_id, ""), teachers) for showing in showings]


def _entry(showing, makers, teachers):
    work = showing.work
    course, technique = work.course, said(work.technique, "name")
    branch = course and said(course.programme, "name")
    same = branch and fold(branch["text"]) == fold(technique["text"])
    return {
        "number": work.number,
        "title": said(work, "title"),
        "title_en": "" if work.title_en == work.title else breakable(work.title_en),
        "makers": makers,
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
    """Who made each work, in words: {key of the work: "Zeynep Y., 2 İZMEK kursiyeri"}."""
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
    return {work: _in_words(makers) for work, makers in of_work.items()}


def _in_words(makers):
    named = [breakable(maker.public_name) for maker in makers if maker.public_name]
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


# --- Texts ------------------------------------------------------------------------------------


def said(row, name):
    """The text `name` of a row with a capital at its beginning: {text, lang}, lang "" for the paper's."""
    language = language_of(row, name)
    return {"text": breakable(capital(in_language(row, name), language)), "lang": language}


def plain(text):
    return {"text": text, "lang": ""}


def joined(parts, sign="\u00a0· "):
    """One line of texts; Turkish among English ones makes the whole line Turkish."""
    parts = [part for part in parts if part and part["text"]]
    language = next((part["lang"] for part in parts if part["lang"]), "")
    return {"text": sign.join(part["text"] for part in parts), "lang": language}


def paragraphs(text):
    parts = normalize_newlines(text).split("\n\n")
    return [breakable(" ".join(part.split())) for part in parts if part.strip()]


def sale(work):
    """How it stands with its sale, in words: "satılık, 1.250 TL"."""
    status = capital(work.get_sale_status_display())
    if work.price is None or work.sale_status not in SaleStatus.to_be_had():
        return status
    return f"{status}, {price(work)}"


def price(work):
    if work.price is None:
        return ""
    return (lira(work.price) if work.price % 1 else f"{number(work.price)} TL").replace(
        " ", "\u00a0"
    )


def when(exhibition):
    """Its dates and, where known, its hours, as a list of lines."""
    lines = [exhibition.dates]
    if exhibition.opens_at and exhibition.closes_at:
        hours = f"{time_format(exhibition.opens_at)}–{time_format(exhibition.closes_at)}"
        lines.append(_("Daily %(hours)s") % {"hours": hours})
    return lines


def opening(exhibition):
    """When it is opened, in words, or ""."""
    if exhibition.opening_at is None:
        return ""
    moment = timezone.localtime(exhibition.opening_at)
    return f"{format_date(moment, 'LONG_DATE_FORMAT')}, {time_format(moment.time())}"


def where(exhibition):
    """The place with its neighbourhood, in words."""
    place, area = exhibition.place, exhibition.neighbourhood
    if area is not None and fold(area.name) not in fold(place):
        place = f"{place}, {area.name}" if place else area.name
    return breakable(place)


# --- Addresses --------------------------------------------------------------------------------


def absolute(path):
    return f"{settings.SITE_URL}{path}"


def short_address(work_number):
    """What a label's QR code leads to: the same page for ever, in no language of its own."""
    return absolute(reverse("work_short", args=[work_number]))


def page_address(exhibition):
    """The exhibition's Turkish page, which posters and programmes lead to."""
    with translation.override("tr"):
        return absolute(exhibition.get_absolute_url())


def spoken(address):
    """An address as people write it."""
    return address.partition("://")[2].rstrip("/")


# --- Photos -----------------------------------------------------------------------------------


def first_photos(works, photos):
    """{key of the work: its first one of these Photos}."""
    first = {}
    rows = photos.filter(work__in=[work.pk for work in works])
    for photo in rows.order_by("order", "created_at", "pk"):
        first.setdefault(photo.work_id, photo)
    return first


def picture(photo, fallback):
    """What a template says of a photo; `fallback` describes one that nobody described yet."""
    alt = {"text": photo.alt_text, "lang": language_of(photo, "alt")}
    if not alt["text"] and not photo.decorative:
        alt = fallback
    return {"file": f"photos/{photo.id.hex}.svg", "ratio": photo.width / photo.height, "alt": alt}


def read_photo(photo, side, name=None):
    """A photo's bytes for a PDF, no side above `side`; None when its file is not there."""
    name = name or f"{min(photo.width, JPEG_WIDTH)}.jpg"
    try:
        with default_storage.open(f"{photo.folder}/{name}") as file:
            return small_jpeg(file.read(), side)
    except FileNotFoundError:
        return None


def own_photos():
    """Photos that staff print for themselves: nobody on them can be recognised."""
    return Photo.objects.filter(people=PeopleOn.NOBODY)
