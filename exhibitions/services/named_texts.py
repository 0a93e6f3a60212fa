"""Names without consent that stand in public texts all the same, kept for the staff who mend them.

The acts refuse such a text, but a consent is withdrawn later, somebody enrols whose name was there before,
or a birthday ends a guardian's consent. So all texts are looked through by night, those of a person after
each answer about their name, and those of a row when it is saved.
"""

from collections import defaultdict

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from courses.models import Course, CourseCentre
from exhibitions.models import NamedText
from exhibitions.services.names_in_texts import (
    check_names_in_texts,
    is_public,
    named_in_public,
    named_in_public_row,
    page_of,
)
from exhibitions.services.recipients import recipients_at
from izmek.acts.letters import write

MOST = 2_000  # findings that are kept; staff work off those first


def check_public_texts(row):
    """`check_names_in_texts` for a row that is saved, if its texts are public or approved.

    What was found in it and is mended now waits for nobody any more.
    """
    if is_public(row):
        check_names_in_texts(row)
    about = page_of(row)
    if about is not None and about.pk and (old := NamedText.objects.in_row(about)):
        _keep(old, named_in_public_row(about))


@transaction.atomic
def find_named_texts():
    """Look through all public texts, for the timer of each night. Returns how many were found."""
    found = named_in_public()
    _keep(NamedText.objects.all(), found)
    return len(found)


@transaction.atomic
def look_for_name(consent):
    """After an answer about a name on the web: keep where it is left, and write to those in charge.

    Of works and exhibitions those in charge are the curators, of courses and centres the officers. People
    must correct the texts. The letter lists where, but not the name.
    """
    who = consent.trainee or consent.teacher
    found = named_in_public(who)
    _keep(NamedText.objects.of(who), found)
    if not consent.answer:
        _tell(dict.fromkeys(about for about, _named in found))


def _tell(rows):
    pages = defaultdict(list)
    for about in rows:
        centre = about if isinstance(about, CourseCentre) else None
        if isinstance(about, Course):
            centre = about.centre
        for address in recipients_at(centre):
            pages[address].append((about, settings.SITE_URL + _change_page(about)))
    for address, listed in pages.items():
        write(kind="name_left", to=address, about=listed[0][0], context={"pages": listed})


def _change_page(about):
    opts = about._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[about.pk])


def _keep(old, found):
    """Make the kept findings `old` those that are `found`; what is still true keeps its day."""
    wanted = {}
    for about, named in found[:MOST]:
        facts = {about._meta.model_name: about, named.who._meta.model_name: named.who}
        one = NamedText(place=str(named.place)[:200], **facts)
        wanted[_facts(one)] = one
    gone = [row.pk for row in old if wanted.pop(_facts(row), None) is None]
    NamedText.objects.filter(pk__in=gone).delete()
    NamedText.objects.bulk_create(wanted.values())


def _facts(row):
    return (row.place, *(getattr(row, f"{name}_id") for name in (*row.ROWS, *row.PEOPLE)))
