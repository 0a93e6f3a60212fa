"""Names of people inside texts. The consent rules for maker names do not reach these names."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from exhibitions.enums import NameForm, Surface
from exhibitions.models import Exhibition, Maker, Showing, Work
from exhibitions.services.recipients import recipients_at
from izmek.acts.letters import write
from izmek.acts.refusal import Refusal
from izmek.text.fold import fold
from trainees.enums import Purpose


def check_names_in_texts(work):
    """Raise Refusal when a text of the work names a maker who is not named on the web.

    The consent only controls the line of makers; a name inside a title would stay (DESIGN.md §3).
    """
    for maker in _not_named(work.makers.all()):
        if _of_work(work, maker):
            raise Refusal(
                _("A text of the work names %(who)s, who does not consent to a name on the web."),
                params={"who": maker.trainee or maker.teacher},
                code="name",
            )


def tell_of_names_left(consent):
    """Write to the curators when a public text still contains a name whose consent was withdrawn.

    People must correct the texts. The letter lists the works and exhibitions, but not the name.
    """
    if consent.answer or consent.purpose != Purpose.NAME_WEB:
        return
    found = texts_that_name(
        Maker.objects.filter(trainee=consent.trainee_id, teacher=consent.teacher_id)
    )
    if found:
        pages = [(about, settings.SITE_URL + _change_page(about)) for about in found]
        for address in recipients_at():
            write(kind="name_left", to=address, about=found[0], context={"pages": pages})


def _change_page(about):
    return reverse(f"admin:exhibitions_{about._meta.model_name}_change", args=[about.pk])


def texts_that_name(makers=None):
    """Public works and exhibitions whose texts name a maker who may not be named on the web now.

    Each is listed once. `makers`: the makers to check, by default all. The approval checks a work's
    texts too, but a consent may be withdrawn later, and an exhibition's texts are written before
    its works are known. In a work's texts the surname alone is searched. In an exhibition's texts
    it is the whole name: an exhibition has hundreds of makers, and a surname may be a common word
    such as "çiçek".
    """
    makers = Maker.objects.all() if makers is None else makers
    makers = _not_named(makers.filter(work__in=Work.objects.all_public()))
    by_work = makers.select_related("work").prefetch_related("work__photos").order_by("work", "pk")
    works = {}
    for maker in by_work.iterator(chunk_size=500):
        if _of_work(maker.work, maker):
            works[maker.work_id] = maker.work
    shown = Showing.objects.filter(work__makers__in=makers, approved_at__isnull=False)
    at = Exhibition.objects.public().filter(pk__in=shown.values("exhibition"))
    exhibitions = [
        exhibition
        for exhibition in at.prefetch_related("photos").order_by("pk")
        if _of_exhibition(exhibition, makers)
    ]
    return [*works.values(), *exhibitions]


def _not_named(makers):
    """The makers, people only, whose full name may not be shown on the web."""
    people = makers.exclude(trainee=None, teacher=None)
    return people.with_public_names(Surface.WEB).exclude(shows=NameForm.FULL)


def _of_work(work, maker):
    """Whether a text of the work contains the surname."""
    words = _words(work.title, work.title_en, work.text, work.text_en, work.materials, *_of(work))
    name = _words((maker.trainee or maker.teacher).last_name)
    return bool(name) and set(name) <= set(words)


def _of_exhibition(exhibition, makers):
    """Whether a text of the exhibition contains the whole name of a maker who has a work in it."""
    text = " ".join(
        _words(
            exhibition.title,
            exhibition.title_en,
            exhibition.text,
            exhibition.text_en,
            *_of(exhibition),
        )
    )
    shown = exhibition.showings.filter(approved_at__isnull=False)
    people = (maker.trainee or maker.teacher for maker in makers.filter(work__showings__in=shown))
    names = {" ".join(_words(person.first_name, person.last_name)) for person in people}
    return any(f" {name} " in f" {text} " for name in names if name)


def _of(owner):
    """The texts about the photos of a work or an exhibition."""
    for photo in owner.photos.all():
        yield from (photo.alt, photo.alt_en, photo.caption, photo.caption_en)


def _words(*texts):
    """The words as the search splits them; a suffix after an apostrophe is a separate word."""
    return re.findall(r"\w+", fold(" ".join(texts)))
