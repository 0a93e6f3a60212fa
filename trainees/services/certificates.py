"""The municipality's certificates of participation (DOMAIN.md §3): issuing, and what comes after it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from courses.enums import CourseState
from courses.models import Course
from izmek.acts.bulk import bulk_create
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal, given_reason
from izmek.acts.rules import holds
from izmek.acts.saving import save
from izmek.models import Counter
from izmek.papers.signs import printable, unprintable
from izmek.text.codes import new_code
from trainees import certificate_text, rights
from trainees.enums import CertificateState, EnrolmentState
from trainees.models import Certificate, Enrolment, Signatory, phones_of
from trainees.queries.certificates import NEVER, WAITS, earns, has_name
from trainees.services.letters import address_of, language_of, write_to_trainee

COUNTER = "certificate"

# Why an outcome earns no certificate (`queries.certificates.earns`).
WHY_NOT = {
    EnrolmentState.ENROLLED: gettext_lazy("There is no outcome yet."),
    EnrolmentState.TRANSCRIPT: gettext_lazy("Passed some modules: HEM gives a transcript of them."),
    EnrolmentState.FAILED: gettext_lazy("Passed no module."),
    EnrolmentState.ABSENT: gettext_lazy("Missed more lesson hours than are allowed."),
}

# What may change after a certificate was issued.
FACTS = {
    "name": gettext_lazy("First and last name"),
    "programme": gettext_lazy("Programme"),
    "field": gettext_lazy("Field"),
    "hours": gettext_lazy("Lesson hours"),
    "begin": gettext_lazy("First day"),
    "end": gettext_lazy("Last day"),
    "centre": gettext_lazy("Course centre"),
    "year": gettext_lazy("Education year"),
}


# --- Who gets one -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A seat of a finished course, and whether its outcome earns a certificate.

    `why_not`: the reason in a sentence, "" if it earns one. `certificate`: the valid one, if there is one.
    `warning`: what somebody should look at before it is issued, or what has changed since it was.
    """

    enrolment: Enrolment
    why_not: str = ""
    warning: str = ""
    certificate: Certificate | None = None

    @property
    def is_proposed(self):
        """Whether it is issued unless somebody decides otherwise."""
        return not self.why_not and not self.warning


def preview_certificates(course):
    """A Candidate for each seat of a course that was not given up, in the order of HEM's lists.

    Whose outcome earns one is decided by `queries.certificates.earns`.
    """
    facts = _facts_of(course)
    seats = course.enrolments.holding_seat().select_related("trainee").in_name_order()
    return [_candidate(seat, facts) for seat in seats.prefetch_related("certificates")]


def _candidate(seat, facts):
    issued = list(seat.certificates.all())
    valid = next((one for one in issued if one.state == CertificateState.VALID), None)
    if valid:
        return Candidate(
            seat,
            why_not=_("Has a valid certificate: %(number)s.") % {"number": valid.number},
            warning=_changed_since(valid, seat.trainee, facts),
            certificate=valid,
        )
    if reason := _why_none(seat):
        return Candidate(seat, why_not=reason)
    warnings = [unprintable_name(seat.trainee)]
    for former in issued:
        if former.state == CertificateState.REVOKED:
            warnings.append(
                _("Certificate %(number)s was revoked: %(reason)s")
                % {"number": former.number, "reason": former.state_reason}
            )
    return Candidate(seat, warning=" ".join(filter(None, warnings)))


def _why_none(seat):
    """Why no certificate is issued for this seat, in a sentence; "" if one is earned."""
    if not holds(earns(), seat):
        reason = WHY_NOT.get(seat.state, seat.get_state_display())
        return " ".join(filter(None, (str(reason), seat.state_reason)))
    if not holds(has_name(), seat.trainee):
        return _("The person was erased: there is no name to print.")
    return ""


def unprintable_name(trainee):
    """What of the name a certificate could not print, in a sentence, or ""."""
    signs = unprintable(str(trainee))
    return signs and _("The name holds signs that cannot be printed: %(signs)s") % {"signs": signs}


def has_former_name(certificate, trainee):
    """Whether a certificate bears a name that the person does not have any more."""
    return certificate.name != printable(str(trainee))


def numbers_with_former_name(trainee):
    """The numbers of the valid certificates of a person that bear a name that they do not have any more."""
    valid = Certificate.objects.valid().filter(enrolment__trainee=trainee).order_by("number")
    return [one.number for one in valid if has_former_name(one, trainee)]


def _changed_since(certificate, trainee, facts):
    """What a certificate says otherwise than one of today would, in a sentence, or ""."""
    now = printable({"name": str(trainee), **facts})
    changed = [
        str(label) for key, label in FACTS.items() if certificate.content.get(key) != now[key]
    ]
    if not changed:
        return ""
    return _("Changed since it was issued: %(facts)s.") % {"facts": ", ".join(changed)}


# --- Issuing ----------------------------------------------------------------------------------


@transaction.atomic
def issue_certificates(*, course, enrolments, by):
    """Issue a certificate for each of these seats of a finished course; returns the Certificates.

    All or none: numbers follow each other without a gap, in the order of names. Raises Refusal when the
    course is not finished (`state`), when none was chosen (`none`), when one of them earns none or has one
    by now (`earned`), and when the site has no key to sign with (`key`).
    """
    rights.require(by, "issue_certificates", course)
    course = lock(course)
    if course.state != CourseState.FINISHED:
        raise Refusal(_("Certificates are issued once the course is finished."), code="state")
    wanted = {seat.pk for seat in enrolments}
    chosen = [one for one in preview_certificates(course) if one.enrolment.pk in wanted]
    wrong = [one for one in chosen if one.why_not]
    if wrong:
        raise Refusal(
            _("%(name)s: %(reason)s Look again, then issue the others."),
            params={"name": wrong[0].enrolment.trainee, "reason": wrong[0].why_not},
            code="earned",
        )
    if not chosen:
        raise Refusal(_("Choose at least one person."), code="none")
    return _issued(course, [one.enrolment for one in chosen], by=by)


def _issued(course, seats, *, by, replaces=None):
    """New certificates of these seats of a locked course."""
    now = timezone.now()
    day = timezone.localdate(now)
    facts = _facts_of(course)
    signatories = signatories_of(course) or unnamed_signatories(course.term.year)
    numbers = Counter.objects.take_several(COUNTER, day.year, len(seats))
    is_late = replaces or _were_handed_over(_of_course(course))
    call_from = day + WAITS if is_late else None
    rows = []
    for seat, number in zip(seats, numbers, strict=True):
        code = new_code(certificate_text.CODE_LENGTH)
        content = {
            "number": f"{day.year}-{number:06d}",
            "code": code,
            "name": str(seat.trainee),
            **facts,
            "issued": day.isoformat(),
        }
        content = printable(content)  # so that the paper says what is signed
        rows.append(
            Certificate(
                enrolment=seat,
                number=content["number"],
                code=code,
                content=content,
                signed=_signed(content),
                signatories=signatories,
                replaces=replaces,
                issued_at=now,
                issued_by=by,
                call_from=call_from,
            )
        )
    return bulk_create(rows, by=by)


def _facts_of(course):
    """What the certificates of a course say of it; in Turkish, as they are printed."""
    course = Course.objects.select_related("programme__field", "centre", "term__year").get(
        pk=course.pk
    )
    with override("tr"):
        return {
            "programme": course.programme.name,
            "field": course.programme.field.name,
            "hours": course.total_hours,
            "begin": course.begin.isoformat(),
            "end": course.end.isoformat(),
            "centre": course.centre.name,
            "year": course.term.year.name,
        }


def signatories_of(course):
    """Who signs the certificates of a course that are issued now: [{"name", "office"}] in order."""
    rows = Signatory.objects.filter(year=course.term.year_id)
    return list(rows.order_by("order", "pk").values("name", "office"))


def unnamed_signatories(year=None):
    """The two lines to sign on where nobody is named, as {"name", "office"} in Turkish."""
    with override("tr"):
        offices = ((year and year.centre_signs) or _("Course centre"), _("Mayor of İzmit"))
    return [{"name": "", "office": office} for office in offices]


def _signed(content):
    try:
        return certificate_text.signed(content)
    except ValueError as error:  # the newest key is a retired one
        raise Refusal(
            _(
                "No certificate can be issued: the site has no key to sign it with. Whoever runs the "
                "server has to set one."
            ),
            code="key",
        ) from error


# --- Afterwards -------------------------------------------------------------------------------


def _locked(certificate):
    """(the locked course, the locked certificate), of one that is valid."""
    course = lock(certificate.enrolment.course)
    certificate = lock(certificate)
    _refuse_unless_valid(certificate)
    return course, certificate


def _refuse_unless_valid(certificate):
    if certificate.state != CertificateState.VALID:
        raise Refusal(
            _("Certificate %(number)s is not valid any more: %(state)s."),
            params={"number": certificate.number, "state": certificate.get_state_display()},
            code="state",
        )


@transaction.atomic
def revoke_certificate(*, certificate, reason, by):
    """Take a certificate back for good; whoever checks it is told so from this moment on.

    Raises Refusal without a reason, or when it is not valid any more (`state`).
    """
    rights.require(by, "revoke_certificate", certificate)
    reason = given_reason(reason)
    _course, certificate = _locked(certificate)
    certificate.state, certificate.state_reason = CertificateState.REVOKED, reason
    return save(certificate, by=by, reason=reason)


@transaction.atomic
def replace_certificate(*, certificate, reason, by):
    """Issue another certificate for the same seat, after a corrected name or a lost paper; returns it.

    It gets a number of its own and the content of today; the old one says by which it was replaced. Raises
    Refusal without a reason, when the old one is not valid any more (`state`), when the outcome does not
    earn one any more (`earned`), and without a key (`key`).
    """
    rights.require(by, "replace_certificate", certificate)
    reason = given_reason(reason)
    course, certificate = _locked(certificate)
    seat = Enrolment.objects.select_related("trainee").get(pk=certificate.enrolment_id)
    if why_none := _why_none(seat):
        raise Refusal(
            _("%(reason)s So no other one is issued."), params={"reason": why_none}, code="earned"
        )
    certificate.state, certificate.state_reason = CertificateState.REPLACED, reason
    save(certificate, by=by, reason=reason)
    (new,) = _issued(course, [seat], by=by, replaces=certificate)
    return new


@transaction.atomic
def hand_over_certificate(*, certificate, by, on=None):
    """Note that the person has collected it, on a day (today). A repeat changes nothing.

    The first one of a course is its ceremony: who has not collected theirs after a while is called.

    Raises Refusal when it is not valid any more (`state`), or the day is before its issue or to come
    (`day`).
    """
    rights.require(by, "hand_over_certificate", certificate)
    course, certificate = _locked(certificate)
    if certificate.handed_over_on:
        return certificate
    today = timezone.localdate()
    on = on or today
    if not timezone.localdate(certificate.issued_at) <= on <= today:
        raise Refusal(
            _("It was handed over between the day of its issue and today."),
            field="on",
            code="day",
        )
    certificate.handed_over_on, certificate.handed_over_by = on, by
    _of_course(course).to_hand_over().filter(call_from=None).update(call_from=on + WAITS)
    return save(certificate, by=by)


@transaction.atomic
def take_back_hand_over(*, certificate, by):
    """Undo that it was handed over: it waits for the person again. A repeat changes nothing.

    If it was the only one of its course, there was no ceremony: nobody is called, but for those whose
    certificate replaces another. Raises Refusal when it is not valid any more (`state`).
    """
    rights.require(by, "take_back_hand_over", certificate)
    course, certificate = _locked(certificate)
    if certificate.handed_over_on is None:
        return certificate
    certificate.handed_over_on = certificate.handed_over_by = None
    others = _of_course(course).exclude(pk=certificate.pk)
    had_ceremony = _were_handed_over(others)
    if not had_ceremony:
        waiting = others.to_hand_over().filter(replaces=None).exclude(call_from=NEVER)
        waiting.update(call_from=None)
    is_late = had_ceremony or certificate.replaces_id
    certificate.call_from = timezone.localdate() + WAITS if is_late else None
    return save(certificate, by=by)


def _of_course(course):
    return Certificate.objects.filter(enrolment__course=course)


def _were_handed_over(certificates):
    return certificates.filter(handed_over_on__isnull=False).exists()


@transaction.atomic
def mail_certificate(*, certificate, by):
    """Write to the person where the certificate is to be had as PDF, with its code; returns the Letter.

    Raises Refusal when it is not valid any more (`state`), no e-mail address is known (`email`), or no
    phone, whose digits the page asks for (`phone`).
    """
    rights.require(by, "mail_certificate", certificate)
    certificate = lock(certificate)
    _refuse_unless_valid(certificate)
    seat = certificate.enrolment
    if not address_of(seat):
        raise Refusal(
            _("No e-mail address of %(name)s is known."),
            params={"name": seat.trainee},
            code="email",
        )
    if not phones_of(seat.trainee):
        raise Refusal(
            _(
                "No phone of %(name)s is known, and the page asks for its last digits. Record a phone "
                "first, or print the certificate."
            ),
            params={"name": seat.trainee},
            code="phone",
        )
    with override(language_of(seat)):
        page = f"{settings.SITE_URL}{reverse('own_certificate')}?kod={certificate.code}"
    return write_to_trainee(seat, "certificate", certificate=certificate, page=page)


@transaction.atomic
def reminded_of_certificate(*, certificate, by):
    """Note that the person was told by telephone that it waits; they are called again after a while."""
    rights.require(by, "reminded_of_certificate", certificate)
    Certificate.objects.filter(pk=certificate.pk).update(call_from=timezone.localdate() + WAITS)


@transaction.atomic
def will_not_collect_certificate(*, certificate, by):
    """Note that the person will not collect it: nobody is called about it any more. It stays valid.

    `reminded_of_certificate` takes it back. Raises Refusal when it is not valid any more (`state`) or was
    collected (`collected`).
    """
    rights.require(by, "will_not_collect_certificate", certificate)
    _course, certificate = _locked(certificate)
    if certificate.handed_over_on:
        raise Refusal(_("It was collected meanwhile."), code="collected")
    certificate.call_from = NEVER
    return save(certificate, by=by, reason=_("Will not be collected"))
