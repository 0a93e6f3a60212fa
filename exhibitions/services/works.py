"""Works: from the teacher to the curator, into an exhibition, back, and off the site."""

import re

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exhibitions.enums import NameForm, Surface, WorkState
from exhibitions.models import Exhibition, Maker, Showing, Work
from exhibitions.services.locks import lock
from exhibitions.services.photos import check_described
from exhibitions.services.staff import who_answers
from izmek.history import save
from izmek.letters import write
from izmek.models import Counter
from izmek.refusal import Refusal
from izmek.turkish import fold
from trainees.enums import Purpose

# What tells one work of a course from another when the form of a new one comes again.
TYPED = (
    "title",
    "technique",
    "materials",
    "width",
    "height",
    "depth",
    "text",
    "sale_status",
    "price",
)


@transaction.atomic
def save_work(*, work, makers, by, reference=None):
    """Save a work that is still with its teacher (new, draft or returned), and who made it.

    `makers`: [(a Trainee, a Teacher or the name of a group, NameForm)], in order; others are taken
    off. `reference`: the code that the form of a new work carries; the same form sent twice is one
    work. Returns the Work. Raises Refusal when it was submitted meanwhile, or when nobody made it.
    """
    if work.pk and lock(work).state not in WorkState.with_teacher():
        raise Refusal(_("This work was submitted already."), code="state")
    if not makers:
        raise Refusal(_("Choose who made it."), code="makers")
    work.fill_from_course()
    if work.pk:
        save(work, by=by)
    elif known := _store(work, makers, reference, by):
        return known
    before = {_made_by(maker): maker for maker in work.makers.all()}
    for order, (who, form) in enumerate(makers):
        maker = Maker(work=work)
        if isinstance(who, str):
            maker.group_name = who
        else:
            setattr(maker, who._meta.model_name, who)
        maker = before.pop(_made_by(maker), maker)
        maker.form, maker.order = form, order
        save(maker, by=by)
    for maker in before.values():
        maker._history_user = by
        maker.delete()
    return work


def _store(work, makers, reference, by):
    """Save a new work under the reference of its form.

    Returns the work that this form made already, when it was sent twice; the database decides which
    of two at the same moment is the second. Who went back and wrote something else gets a new work.
    """
    work.reference = reference
    try:
        with transaction.atomic():
            save(work, by=by)
    except IntegrityError:
        sent = {name: getattr(work, name) for name in TYPED}
        known = Work.objects.filter(course=work.course, reference=reference, **sent)
        known = known.exclude(state=WorkState.WITHDRAWN).first()
        if known and [_who(maker) for maker in known.makers.order_by("order")] == [
            who for who, _form in makers
        ]:
            return known
        work.reference = None
        save(work, by=by)
    return None


def _who(maker):
    return maker.trainee or maker.teacher or maker.group_name


def _made_by(maker):
    return maker.trainee_id, maker.teacher_id, maker.group_name


@transaction.atomic
def hand_in_work(*, work, by):
    """What a teacher does when a work is complete: `submit_work`, once a visitor can read it.

    Raises Refusal `alt` while a photo is neither described nor called decorative: she has the piece
    before her, the curator has not. Raises what `submit_work` refuses.
    """
    count = work.photos.undescribed().count()
    if count:
        raise Refusal(
            ngettext(
                "%(count)d photo has no description. Describe it or mark it decorative.",
                "%(count)d photos have no description. Describe them or mark them decorative.",
                count,
            ),
            params={"count": count},
            code="alt",
        )
    return submit_work(work=work, by=by)


@transaction.atomic
def submit_work(*, work, by):
    """Hand a draft or returned work to the curator; it gets its number now, once and for ever."""
    work = lock(work)
    if work.state not in WorkState.with_teacher():
        raise Refusal(_("This work was submitted already."), code="state")
    if work.number is None:
        year = work.year.end.year
        work.number = f"{year}-{Counter.objects.take('work', year):04d}"
    work.state, work.state_note, work.submitted_at = WorkState.SUBMITTED, "", timezone.now()
    return save(work, by=by)


@transaction.atomic
def approve_work(*, work, exhibition, by):
    """Approve a work for an exhibition; returns the Showing. Repeating it changes nothing.

    A draft gets its number on the way. Raises Refusal when the work was withdrawn, when a maker's
    name stands in a text of the work while she does not consent to it on the web, and when a photo
    lacks its description and the exhibition is public already; else its publication asks.
    """
    work = lock(work)
    if work.state == WorkState.WITHDRAWN:
        raise Refusal(_("The work was withdrawn."), code="state")
    if work.state in (WorkState.DRAFT, WorkState.RETURNED):
        work = submit_work(work=work, by=by)
    check_names_in_texts(work)
    if Exhibition.objects.public().filter(pk=exhibition.pk).exists():
        check_described(work.photos)
    if work.state != WorkState.APPROVED:
        work.state, work.state_note = WorkState.APPROVED, ""
        save(work, by=by)
    showing = Showing.objects.filter(work=work, exhibition=exhibition).first()
    if showing is None:
        last = exhibition.showings.aggregate(n=Max("order"))["n"] or 0
        showing = Showing(work=work, exhibition=exhibition, order=last + 10)
    if showing.approved_at is None:
        showing.approved_at, showing.approved_by = timezone.now(), by
        save(showing, by=by)
    return showing


@transaction.atomic
def return_work(*, work, note, by):
    """Give a work back to its teacher with a note that says what to mend."""
    work = lock(work)
    if work.state not in (WorkState.SUBMITTED, WorkState.APPROVED):
        raise Refusal(_("Only a submitted work can be returned."), code="state")
    if not note.strip():
        raise Refusal(_("Write what should be mended."), field="note", code="note")
    work.state, work.state_note = WorkState.RETURNED, note.strip()
    return save(work, by=by)


@transaction.atomic
def withdraw_work(*, work, reason, by):
    """Take a work off every public page; it stays in the records. Raises Refusal when it is off."""
    work = lock(work)
    if work.state == WorkState.WITHDRAWN:
        raise Refusal(_("The work was withdrawn."), code="state")
    if not reason.strip():
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    work.state, work.state_note = WorkState.WITHDRAWN, reason.strip()
    return save(work, by=by)


@transaction.atomic
def readmit_work(*, work, by):
    """Take a withdrawal back: the work waits for the curator again. Raises Refusal when it is none."""
    work = lock(work)
    if work.state != WorkState.WITHDRAWN:
        raise Refusal(_("The work is not withdrawn."), code="state")
    work.state = WorkState.SUBMITTED if work.number else WorkState.DRAFT
    work.state_note = ""
    return save(work, by=by)


def check_names_in_texts(work):
    """Raise Refusal when a text of the work names a maker who is not named on the web.

    Consent decides about the maker line alone; a name inside a title would stay (DESIGN.md §3).
    """
    for maker in _not_named(work.makers.all()):
        if _of_work(work, maker):
            raise Refusal(
                _("A text of the work names %(who)s, who does not consent to her name on the web."),
                params={"who": maker.trainee or maker.teacher},
                code="name",
            )


def tell_of_names_left(consent):
    """Write to the curators when a withdrawn name is left in public texts: whoever wrote them has to
    mend them. The letter gives the works and exhibitions; the name stands in no letter."""
    if consent.answer or consent.purpose != Purpose.NAME_WEB:
        return
    found = texts_that_name(
        Maker.objects.filter(trainee=consent.trainee_id, teacher=consent.teacher_id)
    )
    if found:
        pages = [(about, settings.SITE_URL + _change_page(about)) for about in found]
        for address in who_answers():
            write(kind="name_left", to=address, about=found[0], context={"pages": pages})


def _change_page(about):
    return reverse(f"admin:exhibitions_{about._meta.model_name}_change", args=[about.pk])


def texts_that_name(makers=None):
    """Public works and exhibitions of which a text names a maker who, by now, is not named on the web.

    Gives each once. `makers`: those to look at, all of them when left out. Approval looks at a
    work's texts too; a consent may be withdrawn later, and an exhibition's texts are written before
    its works are known. The surname alone is looked for in a work's texts, the whole name in those
    of an exhibition, which has hundreds of makers and words such as "çiçek".
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
    """Of the makers those people whose whole name the web does not give."""
    people = makers.exclude(trainee=None, teacher=None)
    return people.with_public_names(Surface.WEB).exclude(shows=NameForm.FULL)


def _of_work(work, maker):
    """Whether the surname stands in a text of the work."""
    words = _words(work.title, work.title_en, work.text, work.text_en, work.materials, *_of(work))
    name = _words((maker.trainee or maker.teacher).last_name)
    return bool(name) and set(name) <= set(words)


def _of_exhibition(exhibition, makers):
    """Whether the whole name of one of them who has a work there stands in a text of the exhibition."""
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
    """What is written about the photos of a work or an exhibition."""
    for photo in owner.photos.all():
        yield from (photo.alt, photo.alt_en, photo.caption, photo.caption_en)


def _words(*texts):
    """The words as search knows them; a suffix after an apostrophe is a word of its own."""
    return re.findall(r"\w+", fold(" ".join(texts)))
