"""People who are on record by a name and a way to reach them alone: who applied, and guardians.

They have no record of their own, and the rights of law 6698 all the same (DOMAIN.md §5). The rows about
them are those with the same name and the same phone or e-mail address; any of them stands for the person.
Apps above add their tables, such as of who wrote to us, by `extend_contacts`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from izmek.acts.after_commit import after_commit
from izmek.acts.audit import forget_details, log_access
from izmek.acts.enums import Access
from izmek.acts.leftovers import forget_leftovers, waits_for_lists
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal
from izmek.models import AccessLog, Letter
from izmek.privacy import erasing, record
from izmek.public.cache import forget_shared
from trainees import rights
from trainees.enums import ApplicationState, EnrolmentState, ErasureReason
from trainees.models import Application, Enrolment, Guardian
from trainees.services.contacts import (
    PEOPLE,
    name_of,
    of_same_name,
    ways_to,
    what_they_are_called,
)
from trainees.services.erasure import ErasurePreview, note_outside
from trainees.services.people import acted_on_person


@dataclass(frozen=True)
class ContactTable:
    """Rows of a table about such people: `rows()` that may be, `why_not(rows)` that these cannot go yet.

    `linked(person)`: a Q of the rows that are about a person whatever their name and contact.
    """

    rows: Callable
    why_not: Callable
    linked: Callable = lambda person: Q(pk__in=[])


_tables = {}


def extend_contacts(model, **facts):
    """Register a table of an app above; `facts` are those of a ContactTable."""
    _tables[model] = ContactTable(**facts)
    if model not in PEOPLE:
        PEOPLE.append(model)


def has_no_record(person):
    """Whether a row is one of those by which people without a record of their own are known."""
    return type(person) in _tables


def rows_about(person):
    """[QuerySet] of all rows about somebody without a record, `person` among them; empty ones left out.

    They are also looked for by the contact that was given in a request that is linked to the person.
    """
    linked = {
        model: list(table.rows().filter(table.linked(person))) for model, table in _tables.items()
    }
    told = [person, *(row for rows in linked.values() for row in rows)]
    ways = ways_to(name_of(person), told)
    found = []
    for model, table in _tables.items():
        keys = {row.pk for row in of_same_name(table.rows(), ways)}
        keys |= {row.pk for row in told if isinstance(row, model)}
        # By their keys: these stay when name and contact go.
        found.append(model._base_manager.filter(pk__in=keys))
    return [rows for rows in found if rows]


# --- Erasing --------------------------------------------------------------------------------------


def preview_contact(person):
    """The ErasurePreview of somebody without a record."""
    found = rows_about(person)
    preview = ErasurePreview(refusals=_why_not(found))
    for rows in found:
        preview.add(erasing.look_at_rows(record.of(rows.model), rows))
    return preview


def _why_not(found):
    whys = [why for rows in found for why in _tables[rows.model].why_not(rows)]
    return waits_for_lists() + list(dict.fromkeys(whys))


@transaction.atomic
def erase_contact(*, person, by, reason):
    """Erase somebody without a record: all rows of their name and contact. It cannot be taken back.

    `person`: one of the rows. Raises Refusal when something has to be done first.
    """
    rights.require(by, "erase_contact", person)
    if reason not in ErasureReason:
        raise Refusal(_("Choose the reason."), field="reason", code="reason")
    try:
        person = lock(person)
    except type(person).DoesNotExist:
        raise Refusal(_("This person is erased already."), code="first") from None
    found = rows_about(person)
    if refusals := _why_not(found):
        raise Refusal(refusals[0], code="first")
    texts = what_they_are_called(found)
    for rows in found:
        _forget_words_about(rows)
    log_access(Access.ERASED, person, by=by, reason=ErasureReason(reason).label)
    for rows in reversed(found):
        erasing.erase_rows(record.of(rows.model), rows)
    acted_on_person.send(
        sender=type(person), person=person, what=_("The person was erased."), by=by
    )
    note_outside(person, reason)
    forget_leftovers(texts)
    after_commit(forget_shared)


def _forget_words_about(rows):
    """Letters about the rows, and what the access log says of them in words."""
    kind = ContentType.objects.get_for_model(rows.model)
    about = {"content_type": kind, "object_id__in": [str(row.pk) for row in rows]}
    Letter.objects.filter(**about).delete()
    forget_details(AccessLog.objects.filter(**about))


# --- The tables of this app -----------------------------------------------------------------------


def _open_applications(rows):
    if rows.filter(state__in=ApplicationState.open()).exists():
        yield _("The application is open: withdraw or refuse it first.")


def _wards(rows):
    """Who is under 18 attends with the permission of a guardian."""
    wards = [row.trainee for row in rows.select_related("trainee") if row.trainee.is_minor()]
    attends = Enrolment.objects.filter(trainee__in=wards, state=EnrolmentState.ENROLLED)
    applied = Application.objects.open().filter(trainee__in=wards)
    keys = {*attends.values_list("trainee", flat=True), *applied.values_list("trainee", flat=True)}
    for ward in wards:
        if ward.pk in keys:
            yield _(
                "%(trainee)s is under 18, and attends or waits with the permission of this guardian."
            ) % {"trainee": ward}


extend_contacts(
    Application,
    rows=lambda: Application.objects.filter(trainee=None),
    why_not=_open_applications,
)
extend_contacts(Guardian, rows=Guardian.objects.all, why_not=_wards)
