"""What a visitor may have meant whose search finds nothing: "kilm" → "kilim"."""

import re

from django.db.models import TextField
from django.db.models.functions import Cast

from courses.models import CourseCentre, Neighbourhood, Programme
from exhibitions.models import Exhibition, Technique, Work
from izmek.acts.prepared import prepared
from izmek.public.cache import once_for_now
from izmek.public.enums import Area
from izmek.text.case import lower
from izmek.text.fold import fold
from izmek.text.search import closest

SHORTEST = 3  # letters of a word that may be meant
WORD = re.compile(r"[^\W\d_]{3,}")


def suggestion(text, finds):
    """The text with its unknown words replaced by known ones, if that finds something; else "".

    `finds`: tells of a text whether something is found. Words are known from titles and names of things
    and places, never from names of people.
    """
    known = once_for_now("words", _words, Area.SHOWN, Area.COURSES)
    meant, changed = [], False
    for word in fold(text).split():
        if len(word) < SHORTEST or any(word in one for one in known):
            meant.append(known.get(word, word))
        else:
            meant.append(known.get(closest(word, known), word))
            changed = True
    other = " ".join(meant)
    return other if changed and fold(other) != fold(text) and finds(other) else ""


def _words():
    """{folded word: as it is written}. Of a word written in two ways the one with Turkish letters stays."""
    written = {word for (text,) in _texts() for word in WORD.findall(text)}
    return {fold(word): lower(word) for word in sorted(written, key=lambda one: not one.isascii())}


@prepared
def _texts():
    def of(rows, *columns):
        for column in columns:
            yield rows.order_by().annotate(word=Cast(column, TextField())).values_list("word")

    first, *others = [
        *of(Work.objects.all_public(), "title", "title_en"),
        *of(Exhibition.objects.public(), "title", "title_en"),
        *of(Technique.objects, "name", "name_en"),
        *of(Programme.objects.filter(in_use=True), "name", "name_en"),
        *of(CourseCentre.objects.public(), "name"),
        *of(Neighbourhood.objects, "name"),
    ]
    return first.union(*others)
