"""What erasing somebody means for works, photos and what people wrote to us (trainees/services/erasure.py).

Works stay, without a maker's name. A photo on which the person can be recognised is deleted with its files,
whoever else is on it. What the person asked us goes with its answer.
"""

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext as _

from courses.models import Teacher
from exhibitions.enums import EnquiryState
from exhibitions.models import Enquiry, Exhibition, Maker, NamedText, Photo, PhotoPerson, Showing
from exhibitions.services.data_requests import ANSWER_FIRST, PEOPLE
from exhibitions.services.names_in_texts import named_in_public, rows_that_name
from izmek.acts.after_commit import after_commit
from izmek.privacy import record
from izmek.privacy.erasing import before_erasing, erase_rows
from izmek.public.areas import note_change
from izmek.public.enums import Area
from izmek.text.fold import fold, slug
from trainees.models import Trainee
from trainees.services.erasure import also_about, hinders_erasing, keys_of, warns_of_erasing
from trainees.services.handing_over import hand_over_files

# exhibitions/papers/catalogue.py
CATALOGUES = "catalogues"


def requests_and_questions(people):
    """{key of an Enquiry: key of its person} of people of one model: those about their data, and those from
    their own address or number.
    """
    model, keys = type(people[0]), [person.pk for person in people]
    rows, link = Enquiry.objects.order_by(), PEOPLE[model]
    found = dict(rows.filter(**{f"{link}__in": keys}).values_list("pk", link))
    for name in ("email", "phone"):
        who = {}
        for person in people:
            if value := getattr(person, name):
                who.setdefault((value, fold(str(person))), person.pk)
        same = rows.filter(**{f"{name}__in": {value for value, _name in who}})
        for key, value, named in same.values_list("pk", name, "name"):
            if owner := who.get((value, fold(named))):
                found.setdefault(key, owner)
    return found


@also_about
def what_they_wrote(people):
    return Enquiry.objects.filter(pk__in=list(requests_and_questions(people)))


@hinders_erasing
def open_enquiries(people):
    """Open requests are answered first: afterwards no address is left to write to."""
    asked = requests_and_questions(people)
    new = Enquiry.objects.filter(pk__in=asked, state=EnquiryState.NEW)
    return {asked[key]: [str(ANSWER_FIRST)] for key in new.values_list("pk", flat=True)}


@warns_of_erasing
def names_and_works(person):
    """Public texts with the name, and works that are still with us."""
    warnings = [
        (_("The name stands in a text: take it out there."), row) for row in _texts_with(person)
    ]
    if isinstance(person, Trainee):
        kept = Showing.objects.filter(
            work__makers__trainee=person, handed_in__isnull=False, given_back=None
        )
        warnings += [
            (_("A work is still with us: give it back first."), showing.work)
            for showing in kept.select_related("work")
        ]
    return warnings


def _texts_with(person):
    """The rows on whose pages texts name a person, whatever they agreed to and whoever reads it now.

    Older versions of these texts are seen to by the erasing itself.
    """
    rows = {row: None for row, _named in named_in_public(person)}
    return list(rows | dict.fromkeys(rows_that_name([person])))


@before_erasing(Trainee)
def photos_and_enquiries(keys, periods):
    """Photos with the person, their requests and questions; catalogues that may name them."""
    if periods is not None:
        return {}
    photos = Photo.objects.filter(
        pk__in=PhotoPerson.objects.filter(trainee__in=keys).values("photo")
    )
    gone = list(photos.values_list("pk", flat=True))
    photos = Photo.objects.filter(pk__in=gone)
    photos.delete()  # the files go after the commit (exhibitions/signals.py)
    Photo.history.filter(id__in=gone).delete()
    NamedText.objects.filter(trainee__in=keys).delete()
    shown = Exhibition.objects.filter(showings__work__makers__trainee__in=keys).distinct()
    _forget_catalogues(shown)
    note_change(Area.SHOWN)
    return {Photo._meta.label: len(gone), **_erase_enquiries(Trainee.everyone, keys)}


@before_erasing(Teacher)
def enquiries_of_teacher(keys, periods):
    if periods is not None:
        return {}
    NamedText.objects.filter(teacher__in=keys).delete()
    _forget_catalogues(
        Exhibition.objects.filter(
            Q(showings__work__makers__teacher__in=keys) | Q(showings__work__teacher__in=keys)
        ).distinct()
    )
    note_change(Area.SHOWN)
    return _erase_enquiries(Teacher.objects, keys)


def _erase_enquiries(people, keys):
    asked = requests_and_questions(list(people.filter(pk__in=keys)))
    rows = Enquiry.objects.filter(pk__in=list(asked))
    return erase_rows(record.of(Enquiry), rows) if asked else {}


def _forget_catalogues(exhibitions):
    """Files of catalogues; the next visitor orders them anew."""
    for key in exhibitions.values_list("pk", flat=True):
        after_commit(_delete_catalogues, key)


def _delete_catalogues(key):
    try:
        folders, _files = default_storage.listdir(CATALOGUES)
    except FileNotFoundError:
        return
    for folder in folders:
        if folder.split("-")[0] == str(key):
            for file in default_storage.listdir(f"{CATALOGUES}/{folder}")[1]:
                default_storage.delete(f"{CATALOGUES}/{folder}/{file}")


@hand_over_files
def photos_of(person):
    """Photos that show the person, and those of their works on which nobody else is to be recognised."""
    name = PEOPLE[type(person)]
    mine = Q(work__makers__in=Maker.objects.filter(**{name: person}), persons=None)
    if isinstance(person, Trainee):
        mine |= Q(persons__trainee__in=keys_of(person))
    photos = (
        Photo.objects.filter(mine).select_related("work").distinct().order_by("created_at", "pk")
    )
    return [
        (
            f"fotograflar/{number:03d}-{slug(str(photo.work or 'sergi'))[:60]}.jpg",
            f"{photo.folder}/master.jpg",
        )
        for number, photo in enumerate(photos, 1)
    ]
