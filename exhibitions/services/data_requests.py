"""Requests about personal data (law 6698, article 11; DOMAIN.md §5): the register of what people ask.

A request is an Enquiry of the kind PRIVACY, whoever wrote it down: the visitor in the public form, or
somebody of the staff who has a letter in their hands.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Teacher
from exhibitions import rights
from exhibitions.enums import EnquiryKind, EnquiryState
from exhibitions.models import Enquiry
from exhibitions.models.enquiries import privacy_deadline
from exhibitions.services.enquiries import cleaned_text, open_enquiry
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from trainees.models import Application, Guardian, Trainee
from trainees.services import acted_on_person
from trainees.services.known_by_contact import extend_contacts

PEOPLE = {
    Trainee: "trainee",
    Teacher: "teacher",
    Application: "application",
    Guardian: "guardian",
}


@transaction.atomic
def enter_request(
    *,
    came_by,
    received_on,
    wish,
    name,
    message,
    by,
    email="",
    phone="",
    postal_address="",
    centre=None,
):
    """Enter a request that came by letter, by e-mail or at the counter; returns the Enquiry.

    The 30 days run from the day on which it came in. Raises Refusal when that day is still to come, or
    when there is no way to answer.
    """
    rights.require(by, "enter_request")
    if received_on > timezone.localdate():
        raise Refusal(_("This day is still to come."), field="received_on", code="future")
    if not (email or phone or postal_address):
        raise Refusal(
            _(
                "Enter how the answer reaches the person: an e-mail address, a phone or a postal address."
            ),
            field="email",
            code="contact",
        )
    received_at = timezone.now()
    if received_on != timezone.localdate():
        received_at = timezone.make_aware(
            timezone.datetime.combine(received_on, timezone.datetime.min.time().replace(hour=12))
        )
    enquiry = Enquiry(
        kind=EnquiryKind.PRIVACY,
        came_by=came_by,
        wish=wish,
        name=" ".join(name.split()),
        message=cleaned_text(message),
        email=email,
        phone=phone,
        postal_address=" ".join(postal_address.split()),
        centre=centre,
        received_at=received_at,
        answer_by=privacy_deadline(received_on),
    )
    enquiry.clean_fields(exclude=["centre"])
    return save(enquiry, by=by)


@transaction.atomic
def identify_request(*, enquiry, person, check, by, wish=""):
    """Note whose data a request is about, and how it was checked that whoever asks is that person.

    `person`: a Trainee or a Teacher; of who is not on record an Application, a Guardian, or the enquiry
    itself where nothing but what they wrote is known of them.
    """
    rights.require(by, "identify_request", enquiry)
    enquiry = open_enquiry(enquiry)
    if not enquiry.is_request:
        raise Refusal(_("This is no request about personal data."), code="kind")
    if not check:
        raise Refusal(_("Say how the identity was checked."), field="check", code="check")
    for model, name in PEOPLE.items():
        setattr(enquiry, name, person if isinstance(person, model) else None)
    enquiry.identity_check, enquiry.wish = check, wish or enquiry.wish
    return save(enquiry, by=by)


@transaction.atomic
def note_done(*, enquiry, done, by):
    """Add to a request what was done about it; the day is written before it."""
    rights.require(by, "note_done", enquiry)
    if not done.strip():
        raise Refusal(_("Say what was done."), field="done", code="done")
    return _add(open_enquiry(enquiry), done, by)


def reached_by(*, phone="", email="", user):
    """Who is on record with this phone or e-mail address, of those whom the user sees.

    [Trainee, Teacher, Guardian or Application]: of applications those of who has no record. A guardian’s
    phone in an application finds the application.
    """
    phones = Q(phone=phone) if phone else Q(pk__in=[])
    emails = Q(email=email) if email else Q(pk__in=[])
    told = Q(guardian_phone=phone) if phone else Q(pk__in=[])
    applied = Application.objects.filter(trainee=None).select_related("course__programme")
    return [
        *Trainee.objects.visible_to(user).filter(phones | emails, anonymised_at=None),
        *Teacher.objects.visible_to(user).filter(phones | emails),
        *Guardian.objects.visible_to(user).filter(phones).select_related("trainee"),
        *applied.visible_to(user).filter(phones | emails | told),
    ]


def open_requests(person):
    """The open requests about the data of a person, whatever row stands for them."""
    rows = Enquiry.objects.open().requests()
    if isinstance(person, Enquiry):
        return rows.filter(pk=person.pk)
    return rows.filter(**{PEOPLE[type(person)]: person})


def note_in_requests(sender, person, what, by, **more):
    """What was done with somebody's data stands in their open requests."""
    if type(person) in (*PEOPLE, Enquiry):
        for enquiry in open_requests(person).select_for_update(of=("self",)):
            _add(enquiry, what, by)


def _open_enquiries(rows):
    """Afterwards no address is left to write to."""
    if rows.filter(state=EnquiryState.NEW).exists():
        yield ANSWER_FIRST


ANSWER_FIRST = gettext_lazy(
    "A request or a question of this person is open: answer it first. Once they are erased, no address is "
    "left to write to."
)
extend_contacts(
    Enquiry,
    rows=Enquiry.objects.all,
    why_not=_open_enquiries,
    linked=lambda person: Q(**{PEOPLE.get(type(person), "pk"): person.pk}),
)
acted_on_person.connect(note_in_requests, dispatch_uid="exhibitions.note_in_requests")


def _add(enquiry, done, by):
    day = formats.date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    enquiry.done = "\n".join(filter(None, [enquiry.done, f"{day}: {cleaned_text(done)}"]))
    return save(enquiry, by=by)
