"""Letters to applicants and trainees; their texts are in templates/letters.

An e-mail goes to whom we have an address of; to whom we have none, a text message tells what the course
centre owes (TEXTED). Who is reached in neither way is called.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from izmek.acts import sms
from izmek.acts.enums import LetterChannel
from izmek.acts.letters import render, resend, write, write_text
from izmek.acts.rules import holds
from izmek.acts.sms import hours
from trainees import rights
from trainees.enums import CALLED, TEXTED, TEXTED_ANYWAY, Purpose
from trainees.models import Application, Call, Consent, Enrolment, Trainee, phones_of
from trainees.queries.applications import offer_stands

MOST_INITIALS = 4


def resend_letter(*, about, letter, by):
    """Send a letter about an application or a seat again to the same address; it says what holds now.

    Raises Refusal as `izmek.acts.letters.resend` does.
    """
    rights.require(by, "resend_letter", about)
    resend(letter=letter, by=None)  # of any letter it asks for a manager's right


def write_to_applicant(application, kind, **context):
    """Write to the address on the application. Applicants without one get a call (DESIGN.md §3).

    No letter repeats a word that the applicant typed, or the form would send anybody's words to
    anybody. `initials` tell a family with one address whom the letter is about.
    """
    facts = facts_of(application, **context)
    return _tell(application, kind, application.email, application.language, facts)


def facts_of(application, **context):
    """What the templates of letters to applicants are told."""
    return {
        "initials": _initials(application),
        "application": application,
        "course": application.course,
        "page": _own_page(application),
        **context,
    }


def _initials(person):
    # An invented name may have any number of words, and a text message is paid for by its length.
    words = [word for word in str(person).split() if word[0].isalpha()]
    return " ".join(f"{word[0]}." for word in words[:MOST_INITIALS])


def _own_page(application):
    """The address of the applicant's page (DESIGN.md §5), in the language of the application."""
    with override(application.language):
        return settings.SITE_URL + reverse("application", args=[application.reference])


def write_to_trainee(enrolment, kind, **context):
    """Write about a seat to the trainee's address, or else to the one on the application."""
    facts = {
        "name": str(enrolment.trainee),
        "initials": _initials(enrolment.trainee),
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


def mobile_of(about):
    """The number to which text messages about a seat or an application go, or None.

    Of the numbers that one would dial, the first that takes messages and has not proved wrong: for who is
    under 18 the own one too, as letters go to the own address.
    """
    if not sms.are_sent():
        return None
    people = (about,)
    if isinstance(about, Enrolment):
        people = (about.trainee, about.application) if about.application else (about.trainee,)
    numbers = (number for who in people for number in phones_of(who))
    return next(
        (phone for _whose, phone, wrong in numbers if not wrong and sms.reaches(phone)), None
    )


def told_in_writing_at(application, kind):
    """When an e-mail or a text message that is written now goes to an applicant; None for never."""
    now = timezone.now()
    if application.email:
        return now
    return hours.opens(now) if kind in TEXTED and mobile_of(application) else None


def why_not_sent(letter):
    """Why a letter that has waited is not sent after all, in a sentence; "" if it still may."""
    about = letter.object
    if not isinstance(about, (Application, Enrolment, Trainee)):
        return ""
    trainee = about if isinstance(about, Trainee) else about.trainee
    if trainee and trainee.restricted_at:
        return _("The data are stored only.")
    if letter.kind == "news" and not _agrees_to_news(trainee):
        return _("There is no consent to news any more.")
    if letter.kind == "offer" and not holds(offer_stands(timezone.now()), about):
        return _("The offer does not stand any more.")
    is_text = letter.channel == LetterChannel.SMS and sms.are_sent()
    if is_text and mobile_of(about) != letter.phone:
        return _("The number has changed or proved wrong since.")
    return ""


def _agrees_to_news(trainee):
    agrees = Consent.objects.holds(Purpose.CONTACT, trainee="pk")
    return Trainee.objects.annotate(agrees=agrees).filter(pk=trainee.pk, agrees=True).exists()


def _tell(about, kind, to, language, context):
    """Write a letter or a text message; who is reached by neither is put on the list of people to call.

    Nobody is written to or called whose data may be stored only.
    """
    if about.trainee is not None and about.trainee.restricted_at:
        return None
    letter = write(kind=kind, to=to, about=about, language=language, context=context)
    texted = None
    if kind in (TEXTED_ANYWAY if to else TEXTED) and (phone := mobile_of(about)):
        texted = write_text(
            kind=kind,
            phone=phone,
            about=about,
            language=language,
            context=context,
            until=day_of_offer() if kind == "offer" else _until(about.course, kind, context),
        )
    if not letter and not texted:
        call_instead(about, kind, context)
    return letter or texted


def day_of_offer():
    """The last day of a text message about an offer, which ends soon: that on which its time begins."""
    return timezone.localdate(hours.opens(timezone.now()))


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
    for enrolment in enrolments.prefetch_related("trainee__guardians"):
        write_to_trainee(enrolment, kind, **context)
