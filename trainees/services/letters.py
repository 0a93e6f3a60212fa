"""Letters to applicants and trainees; their texts are in templates/letters."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from izmek.acts.letters import render, resend, write
from trainees import rights
from trainees.enums import CALLED
from trainees.models import Call, Enrolment


def resend_letter(*, about, letter, by):
    """Send a letter about an application or a seat again, in the same words to the same address."""
    rights.require(by, "resend_letter", about)
    resend(letter=letter, by=None)  # of any letter it asks for a manager's right


def write_to_applicant(application, kind, **context):
    """Write to the address on the application. Applicants without one get a call (DESIGN.md §3).

    No letter repeats a word that the applicant typed, or the form would send anybody's words to
    anybody. `initials` tell a family with one address whom the letter is about.
    """
    words = str(application).split()
    facts = {
        "initials": " ".join(f"{word[0]}." for word in words if word[0].isalpha()),
        "application": application,
        "course": application.course,
        "page": _own_page(application),
        **context,
    }
    return _tell(application, kind, application.email, application.language, facts)


def _own_page(application):
    """The address of the applicant's page (DESIGN.md §5), in the language of the application."""
    with override(application.language):
        return settings.SITE_URL + reverse("application", args=[application.reference])


def write_to_trainee(enrolment, kind, **context):
    """Write about a seat to the trainee's address, or else to the one on the application."""
    facts = {
        "name": str(enrolment.trainee),
        "enrolment": enrolment,
        "course": enrolment.course,
        **context,
    }
    return _tell(enrolment, kind, address_of(enrolment), language_of(enrolment), facts)


def language_of(enrolment):
    """The language of letters about a seat: that in which the person applied, else Turkish."""
    application = enrolment.application
    return application.language if application else settings.LANGUAGE_CODE


def address_of(enrolment):
    """The e-mail address to which letters about a seat go, or ""."""
    application = enrolment.application
    return enrolment.trainee.email or (application.email if application else "")


def _tell(about, kind, to, language, context):
    """Write a letter; who has no address is put on the list of people to call.

    Nobody is written to or called whose data may be stored only.
    """
    if about.trainee is not None and about.trainee.restricted_at:
        return None
    if not to:
        call_instead(about, kind, context)
    return write(kind=kind, to=to, about=about, language=language, context=context)


def call_instead(about, kind, context):
    """Put the person of an enrolment or application on the list, when there is no address to write to.

    The same news about the same person waits there once.
    """
    if kind not in CALLED:
        return None
    what, text = render(kind, context, "tr")  # the staff read it, not the person
    name = "enrolment" if isinstance(about, Enrolment) else "application"
    return Call.objects.get_or_create(
        **{name: about},
        course=about.course,
        kind=kind,
        what=what,
        text=text,
        done_at=None,
        defaults={"until": _until(about.course, kind, context)},
    )[0]


def _until(course, kind, context):
    """The day before which the news is worth the call: that of the lesson in question, or None."""
    today = timezone.localdate()
    if kind in ("course_cancelled", "room_changed"):
        coming = course.sessions.filter(date__gte=today).order_by("date")
        return coming.values_list("date", flat=True).first()
    lessons = [context["session"]] if "session" in context else []
    lessons += [*context.get("gone", ()), *context.get("new", ())]
    return min((one.date for one in lessons if one.date >= today), default=None)


def write_to_class(course, kind, **context):
    """Write to everyone who attends the course."""
    enrolments = course.enrolments.current().select_related("trainee", "application")
    for enrolment in enrolments:
        write_to_trainee(enrolment, kind, **context)
