"""The business acts of the exhibitions app: submitting, approving, publishing, photos.

Each act is keyword-only, takes `by` (a User, or None for the system), is atomic and raises
`Refusal` with a sentence for people.
"""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image

from exhibitions.enums import ExhibitionState, FocalPoint, Surface, WorkState
from exhibitions.models import Maker, Photo, Showing
from izmek.history import save
from izmek.models import Counter
from izmek.photos import clean_photo, derive, share_card
from izmek.refusal import Refusal
from izmek.turkish import fold

MOST_PHOTOS = 6  # of one work (reference: the page stacks them all)


def _lock(row):
    return type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)


# --- Works ------------------------------------------------------------------------------------


@transaction.atomic
def save_work(*, work, makers, by):
    """Save a work that is still with its teacher (new, draft or returned), and who made it.

    `makers`: [(a Trainee, a Teacher or the name of a group, NameForm)], in order; others are taken
    off. Returns the Work. Raises Refusal when it was submitted meanwhile, or when nobody made it.
    """
    if work.pk and _lock(work).state not in WorkState.with_teacher():
        raise Refusal(_("This work was submitted already."), code="state")
    if not makers:
        raise Refusal(_("Choose who made it."), code="makers")
    work.fill_from_course()
    save(work, by=by)
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
    work = _lock(work)
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

    A draft gets its number on the way. Raises Refusal when the work was withdrawn, or when a
    maker's name stands in a text of the work while she does not consent to it on the web.
    """
    work = _lock(work)
    if work.state == WorkState.WITHDRAWN:
        raise Refusal(_("The work was withdrawn."), code="state")
    if work.state in (WorkState.DRAFT, WorkState.RETURNED):
        work = submit_work(work=work, by=by)
    check_names_in_texts(work)
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
    work = _lock(work)
    if work.state not in (WorkState.SUBMITTED, WorkState.APPROVED):
        raise Refusal(_("Only a submitted work can be returned."), code="state")
    if not note.strip():
        raise Refusal(_("Write what should be mended."), field="note", code="note")
    work.state, work.state_note = WorkState.RETURNED, note.strip()
    return save(work, by=by)


@transaction.atomic
def withdraw_work(*, work, reason, by):
    """Take a work off every public page; it stays in the records."""
    work = _lock(work)
    if not reason.strip():
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    work.state, work.state_note = WorkState.WITHDRAWN, reason.strip()
    return save(work, by=by)


def check_names_in_texts(work):
    """Raise Refusal when a text of the work names a maker who is not named on the web.

    Consent decides about the maker line alone; a name inside a title would stay (DESIGN.md §3).
    """
    texts = [work.title, work.title_en, work.text, work.text_en, work.materials]
    for photo in work.photos.all():
        texts += [photo.alt, photo.alt_en, photo.caption, photo.caption_en]
    words = set(fold(" ".join(texts).replace("’", " ").replace("'", " ")).split())
    for maker in work.makers.with_public_names(Surface.WEB):
        person = maker.trainee or maker.teacher
        if person is None or maker.shows == "full":
            continue
        name = set(fold(person.last_name).split())
        if name and name <= words:
            raise Refusal(
                _("A text of the work names %(who)s, who does not consent to her name on the web."),
                params={"who": person},
                code="name",
            )


# --- Exhibitions ------------------------------------------------------------------------------


@transaction.atomic
def publish_exhibition(*, exhibition, by, publish_from=None):
    """Make an exhibition public, now or from a moment on. Raises Refusal when something is missing.

    Needed: a venue (unless it is online), a text, and a description for every photo of its
    approved works that is not decorative.
    """
    exhibition = _lock(exhibition)
    if not exhibition.venue and exhibition.kind != "online":
        raise Refusal(_("Enter the venue."), field="venue", code="venue")
    undescribed = (
        Photo.objects.filter(work__in=exhibition.showings.approved().values("work")).undescribed()
        | exhibition.photos.undescribed()
    )
    count = undescribed.count()
    if count:
        raise Refusal(
            _("%(count)d photos have no description. Describe them or mark them decorative."),
            params={"count": count},
            code="alt",
        )
    exhibition.state, exhibition.state_reason = ExhibitionState.PUBLISHED, ""
    exhibition.publish_from = publish_from
    return save(exhibition, by=by)


@transaction.atomic
def unpublish_exhibition(*, exhibition, by):
    """Take an exhibition off the public pages: a draft again."""
    exhibition = _lock(exhibition)
    exhibition.state, exhibition.publish_from = ExhibitionState.DRAFT, None
    return save(exhibition, by=by)


@transaction.atomic
def postpone_exhibition(*, exhibition, reason, by):
    """Say on the page that an exhibition does not take place on its dates."""
    return _close(exhibition, ExhibitionState.POSTPONED, reason, by)


@transaction.atomic
def cancel_exhibition(*, exhibition, reason, by):
    """Say on the page that an exhibition does not take place."""
    return _close(exhibition, ExhibitionState.CANCELLED, reason, by)


def _close(exhibition, state, reason, by):
    exhibition = _lock(exhibition)
    if exhibition.state == ExhibitionState.DRAFT:
        raise Refusal(_("A draft is not public; just leave it or delete it."), code="state")
    if not reason.strip():
        raise Refusal(_("Give the reason."), field="reason", code="reason")
    exhibition.state, exhibition.state_reason = state, reason.strip()
    return save(exhibition, by=by)


# --- Photos -----------------------------------------------------------------------------------


def store_photo(*, clean, focal_point=FocalPoint.CENTRE):
    """Write every file of a clean photo; returns the Photo, unsaved, for `add_photo`.

    Asks no database, so that other processes can do it. A failure leaves no file.
    """
    photo = Photo(width=clean.width, height=clean.height, focal_point=focal_point)
    try:
        for file in derive(clean.image, focal=FocalPoint(focal_point).position):
            default_storage.save(f"{photo.folder}/{file.name}", ContentFile(file.data))
    except BaseException:
        delete_folder(photo.folder)
        raise
    return photo


def add_photo(
    *,
    upload=None,
    by,
    work=None,
    exhibition=None,
    centre=None,
    clean=None,
    stored=None,
    focal_point=FocalPoint.CENTRE,
    **fields,
):
    """Take in a photo of a work, an exhibition or a centre; returns the Photo.

    The upload is decoded, turned upright and re-encoded; the files are written first and the row
    last, so that a crash leaves files without a row (found by `doctor`, removed by `sweep_media`)
    but never a row without its files. Raises PhotoError, or Refusal when the work has the most
    photos already. `clean` may bring what `clean_photo` made of the upload, when a form has looked
    at it, `stored` what `store_photo` wrote. `fields` are the photo's other columns (alt …).
    """
    if work is not None and work.photos.count() >= MOST_PHOTOS:
        raise Refusal(_("A work has at most %(most)d photos."), params={"most": MOST_PHOTOS})
    photo = stored or store_photo(clean=clean or clean_photo(upload), focal_point=focal_point)
    photo.work, photo.exhibition, photo.centre = work, exhibition, centre
    for name, value in fields.items():
        setattr(photo, name, value)
    try:
        with transaction.atomic():
            return save(photo, by=by)
    except IntegrityError:
        # After another error, such as one of the commit, nobody knows whether the row is there.
        delete_folder(photo.folder)
        raise


@transaction.atomic
def describe_photo(*, photo, alt, decorative, by):
    """Say what is on a photo, or that it needs no words. A decorative one has no description."""
    photo = _lock(photo)
    alt = "" if decorative else " ".join(alt.split())
    if (photo.alt, photo.decorative) == (alt, decorative):
        return photo
    photo.alt, photo.decorative = alt, decorative
    if decorative:
        photo.alt_en = ""
    photo.clean_fields(exclude=["work", "exhibition", "centre"])
    return save(photo, by=by)


@transaction.atomic
def set_focal_point(*, photo, focal_point, by):
    """Choose the part of a photo that crops keep; the card for sharing is cut anew."""
    photo = _lock(photo)
    photo.focal_point = focal_point
    save(photo, by=by)
    with default_storage.open(f"{photo.folder}/master.jpg") as file:
        image = Image.open(file)
        image.load()
    card = share_card(image, FocalPoint(focal_point).position)
    transaction.on_commit(lambda: _replace(f"{photo.folder}/{card.name}", card.data))
    return photo


def _replace(name, data):
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


@transaction.atomic
def delete_photo(*, photo, by):
    """Remove a photo; its files go after the commit."""
    folder = photo.folder
    photo._history_user = by
    photo.delete()
    transaction.on_commit(lambda: delete_folder(folder))


def delete_folder(folder):
    """Delete every file of a photo from the storage; missing ones are no error."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)
