"""Works: from the teacher to the curator, into an exhibition, back, and off the public site."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Course
from exhibitions import rights
from exhibitions.enums import WorkState
from exhibitions.models import Exhibition, Maker, Showing
from exhibitions.services.names_in_texts import check_group_names, check_names_in_texts
from exhibitions.services.photos import check_described
from exhibitions.services.sales import check_sale_status
from izmek.acts.bulk import bulk_update
from izmek.acts.locks import lock
from izmek.acts.refusal import Conflict, Refusal, given_reason, given_text
from izmek.acts.saving import save
from izmek.acts.sent_once import save_once
from izmek.models import Counter

NOTE_LENGTH = 500  # characters; the length of a work's `state_note`

# The fields of the teacher's form.
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
    """Save a work that the teacher can still edit (new, draft or returned), and its makers.

    Of a saved work only the course and the fields in TYPED are written. `makers`: [(a Trainee, a
    Teacher or the name of a group, NameForm)], in order; other makers are removed. `reference`: the
    code in the form of a new work; the same form sent twice makes one work. Returns the Work.
    Raises Refusal when it was submitted meanwhile, when it has no maker, or when the group is
    called like a person without consent.
    """
    # A saved work must be the user's own where it is and where it goes.
    rights.require(by, "begin_work", work.course or Course())
    if work.pk:
        rights.require(by, "save_work", work)
        typed, work = work, lock(work)
        if work.state not in WorkState.with_teacher():
            raise Refusal(_("This work was submitted already."), code="state")
        for name in ("course", *TYPED):
            setattr(work, name, getattr(typed, name))
    check_sale_status(work)
    if not makers:
        raise Refusal(_("Choose who made it."), code="makers")
    work.fill_from_course()

    def made_alike(known):
        alike = [_who(maker) for maker in known.makers.order_by("order")] == [
            who for who, _form in makers
        ]
        return alike and known.state != WorkState.WITHDRAWN

    if work.pk:
        save(work, by=by)
    elif known := save_once(work, reference, by, same=("course", *TYPED), also=made_alike):
        return known
    before = {_made_by(maker): maker for maker in work.makers.all()}
    for order, (who, form) in enumerate(makers):
        maker = Maker(work=work)
        if isinstance(who, str):
            maker.group_name = who
        else:
            setattr(maker, who._meta.model_name, who)
        maker = before.pop(_made_by(maker), maker)
        if maker.pk is None or (maker.form, maker.order) != (form, order):
            maker.form, maker.order = form, order
            save(maker, by=by)
    for maker in before.values():
        maker._history_user = by
        maker.delete()
    check_group_names(work)
    return work


def _who(maker):
    return maker.trainee or maker.teacher or maker.group_name


def _made_by(maker):
    return maker.trainee_id, maker.teacher_id, maker.group_name


@transaction.atomic
def hand_in_work(*, work, by):
    """Submit a work as its teacher: `submit_work`, but only when all photos are described.

    Raises Refusal `alt` while a photo is neither described nor decorative: the teacher has the
    piece at hand, the curator does not. Also raises what `submit_work` raises.
    """
    rights.require(by, "hand_in_work", work)
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
    """Submit a draft or returned work to the curator; it gets its permanent number now."""
    rights.require(by, "submit_work", work)
    work = lock(work)
    if work.state not in WorkState.with_teacher():
        raise Refusal(_("This work was submitted already."), code="state")
    if work.number is None:
        year = work.year.end.year
        work.number = f"{year}-{Counter.objects.take('work', year):04d}"
    work.state, work.state_note, work.submitted_at = WorkState.SUBMITTED, "", timezone.now()
    return save(work, by=by)


@transaction.atomic
def approve_work(*, work, exhibition, by, without_makers=False, shown=None):
    """Approve a work for an exhibition; returns the Showing. A repeat changes nothing.

    `shown`: what it waited for on the page of who approves (`waits_for`); raises Conflict when
    somebody else decided meanwhile.

    A draft gets its number too. Raises Refusal when the work was withdrawn, when nobody is recorded
    as its maker (except with `without_makers`), or when a text of the work, or of the public
    exhibition, names someone of the work without consent for the web. Also when the exhibition is
    public and a photo has no description; in other cases the publication checks that.
    """
    rights.require(by, "approve_work", work)
    work = lock(work)
    _check_undecided(work, shown)
    if work.state == WorkState.WITHDRAWN:
        raise Refusal(_("The work was withdrawn."), code="state")
    if work.state != WorkState.APPROVED and not (without_makers or work.makers.exists()):
        raise Refusal(
            _("Nobody is recorded as the maker of this work. Enter the makers on its page."),
            field="without_makers",
            code="makers",
        )
    if work.state in (WorkState.DRAFT, WorkState.RETURNED):
        work = submit_work(work=work, by=by)
    if Exhibition.objects.public().filter(pk=exhibition.pk).exists():
        check_described(work.photos)
    if work.state != WorkState.APPROVED:
        work.state, work.state_note = WorkState.APPROVED, ""
        save(work, by=by)
    showing = Showing.objects.filter(work=work, exhibition=exhibition).first()
    if showing is None:
        showing = Showing(work=work, exhibition=exhibition)
    if showing.approved_at is None:
        showing.approved_at, showing.approved_by = timezone.now(), by
        save(showing, by=by)
    check_names_in_texts(work)
    return showing


@transaction.atomic
def return_work(*, work, note, by, shown=None):
    """Return a work to its teacher with a note that says what to correct.

    Its approvals for exhibitions end; the places there stay. `shown`: as for `approve_work`.
    """
    rights.require(by, "return_work", work)
    work = lock(work)
    _check_undecided(work, shown)
    if work.state not in (WorkState.SUBMITTED, WorkState.APPROVED):
        raise Refusal(_("Only a submitted work can be returned."), code="state")
    note = given_text(note, field="note", length=NOTE_LENGTH)
    if not note:
        raise Refusal(_("Write what should be mended."), field="note", code="note")
    work.state, work.state_note = WorkState.RETURNED, note
    _end_approvals(work.showings.all(), by)
    return save(work, by=by)


def waits_for(work):
    """What a work waits for, as a text that a page sends back: its state, and where it is not approved."""
    waiting = [row.exhibition_id for row in work.showings.all() if row.approved_at is None]
    return " ".join([work.state, *map(str, sorted(waiting))])


def _check_undecided(work, shown):
    if shown not in (None, waits_for(work)):
        raise Conflict(_("Somebody else has decided about this work meanwhile."), code="decided")


@transaction.atomic
def take_approval_back(*, work, exhibitions, by):
    """Undo one's own approval of a work for exhibitions: it waits for them again, its places stay.

    Raises Refusal when it is no longer approved as `by` left it.
    """
    rights.require(by, "take_approval_back", work)
    work = lock(work)
    given = work.showings.filter(exhibition__in=exhibitions, approved_by=by)
    if not _end_approvals(given, by) or work.state != WorkState.APPROVED:
        raise _not_as_left()
    if work.showings.filter(approved_at__isnull=False).exists():
        return work
    work.state = WorkState.SUBMITTED
    return save(work, by=by)


@transaction.atomic
def take_return_back(*, work, by):
    """Undo one's own return of a work: it is again what it was, with the approvals that it had.

    Raises Refusal when anybody has changed the work since.
    """
    rights.require(by, "take_return_back", work)
    work = lock(work)
    versions = list(work.history.select_related("history_user")[:2])
    if work.state != WorkState.RETURNED or len(versions) < 2 or versions[0].history_user != by:
        raise _not_as_left()
    last, before = versions
    work.state, work.state_note = before.state, before.state_note
    ended = []
    for showing in work.showings.filter(approved_at=None):
        end, *approved = showing.history.filter(history_date__lte=last.history_date)[:2]
        if approved and approved[0].approved_at and end.history_date > before.history_date:
            showing.approved_at, showing.approved_by = (
                approved[0].approved_at,
                approved[0].approved_by,
            )
            ended.append(showing)
    bulk_update(ended, ["approved_at", "approved_by"], by=by)
    save(work, by=by)
    if work.state == WorkState.APPROVED:
        check_names_in_texts(work)
    return work


def _not_as_left():
    return Refusal(
        _("The work has been changed since, so this cannot be taken back."), code="state"
    )


@transaction.atomic
def withdraw_work(*, work, reason, by):
    """Take a work off all public pages; the record stays, its approvals for exhibitions end.

    Raises Refusal when it is withdrawn already.
    """
    rights.require(by, "withdraw_work", work)
    work = lock(work)
    if work.state == WorkState.WITHDRAWN:
        raise Refusal(_("The work was withdrawn."), code="state")
    reason = given_reason(reason, length=NOTE_LENGTH)
    work.state, work.state_note = WorkState.WITHDRAWN, reason
    _end_approvals(work.showings.all(), by)
    return save(work, by=by)


def _end_approvals(showings, by):
    """A work that comes back is approved for each exhibition anew. Returns how many ended."""
    showings = list(showings.filter(approved_at__isnull=False))
    for showing in showings:
        showing.approved_at = showing.approved_by = None
    bulk_update(showings, ["approved_at", "approved_by"], by=by)
    return len(showings)


@transaction.atomic
def readmit_work(*, work, by):
    """Undo a withdrawal: the work waits for the curator again.

    Raises Refusal if it is not withdrawn.
    """
    rights.require(by, "readmit_work", work)
    work = lock(work)
    if work.state != WorkState.WITHDRAWN:
        raise Refusal(_("The work is not withdrawn."), code="state")
    work.state = WorkState.SUBMITTED if work.number else WorkState.DRAFT
    work.state_note = ""
    return save(work, by=by)
