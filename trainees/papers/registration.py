"""The registration form (kesin kayıt formu, DOMAIN.md §2, §5): of a seat, or empty for a course."""

from pathlib import Path

from django.utils import translation
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.wording import weekly_times
from izmek.papers.typst import Contents, breakable
from izmek.text.languages import capital
from izmek.text.phones import show
from trainees.enums import NoticeKind
from trainees.models import NoticeText
from trainees.wording import QUESTIONS

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "registration.typ"


def registration_form(*, course, enrolments=(), by=None):
    """The Contents of the forms of some seats of a course, one behind the other; of none: an empty form.

    The seats come with their trainees and guardians. No question about consent is answered beforehand.
    `by`: who registers.
    """
    with translation.override("tr"):
        notice = NoticeText.objects.current(NoticeKind.REGISTRATION)
        consents = NoticeText.objects.current(NoticeKind.CONSENT)
        words = {
            "heading": _("Registration form"),
            "read": _("I have read this."),
            "sign": _("Date and signature"),
            "guardian": _("guardian"),
            "consents": _headed(_("Consents"), consents),
            "columns": [_("Question"), pgettext("answer", "Yes"), pgettext("answer", "No")],
            "permits": _("As guardian I permit the trainee named above to attend the course."),
            "under_age": _("Under 18: the guardian signs."),
            "by": _("Registered by: %(name)s") % {"name": by or ""},
            "signature": _("Signature"),
        }
        of = enrolments[0].trainee if len(enrolments) == 1 else course
        return Contents(
            template=TEMPLATE,
            title=f"{words['heading']} – {of}",
            data={
                "notice": {
                    "heading": _headed(
                        capital(NoticeKind.REGISTRATION.label)
                        if notice
                        else _("What people are told"),
                        notice,
                    ),
                    "text": _paragraphs(notice),
                },
                "consents": _paragraphs(consents),
                "questions": [str(question) for question in QUESTIONS.values()],
                "words": words,
                "forms": [_form(course, seat) for seat in enrolments or [None]],
            },
        )


def _form(course, enrolment):
    """What one form says of a seat, or of nobody."""
    if enrolment is None:
        about = {"title": breakable(str(course)), "signer": "", "minor": None, "blank": True}
        return about | {"facts": _labelled(_facts(course, None))}
    trainee = enrolment.trainee
    minor = trainee.is_minor()
    guardian = list(trainee.guardians.all())[-1:] if minor else []
    signer = breakable(str(trainee))
    if minor:
        name = breakable(guardian[0].name) if guardian else ""
        signer = _("Guardian: %(name)s") % {"name": name}
    return {
        "title": breakable(str(trainee)),
        "signer": signer,
        "minor": minor,
        "blank": False,
        "facts": _labelled(_facts(course, enrolment, *guardian)),
    }


def _labelled(facts):
    return [{"label": label, "value": value} for label, value in facts]


def _facts(course, enrolment, guardian=None):
    """[(label, value)]; of an empty form what people write has no value."""
    number = f" ({course.number})" if course.number else ""
    days = f"{course.begin:%d.%m.%Y} – {course.end:%d.%m.%Y}"
    times = weekly_times(course.slots.all())
    yield _("Course"), breakable(f"{course.programme} {course.group}".strip() + number)
    yield _("Course centre"), breakable(str(course.centre))
    yield _("Dates"), f"{days}; {times}" if times else days
    if enrolment is None:
        for label in (
            _("First and last name"),
            _("Identity number"),
            _("Date of birth"),
            _("Phone"),
            _("E-mail"),
            _("Neighbourhood"),
            _("Education"),
            _("Guardian"),
            _("Registered on"),
        ):
            yield label, ""
        return
    trainee = enrolment.trainee
    yield _("First and last name"), breakable(str(trainee))
    yield _("Identity number"), trainee.masked_number or "–"
    yield _("Date of birth"), f"{trainee.birth_date:%d.%m.%Y}" if trainee.birth_date else "–"
    yield _("Phone"), show(trainee.phone) if trainee.phone else "–"
    yield _("E-mail"), breakable(trainee.email) or "–"
    yield _("Neighbourhood"), breakable(str(trainee.neighbourhood or "–"))
    yield _("Education"), str(trainee.get_education_display() or "–")
    if guardian:
        phone = f", {show(guardian.phone)}" if guardian.phone else ""
        yield _("Guardian"), breakable(f"{guardian} ({guardian.relation}){phone}")
    yield _("Registered on"), f"{enrolment.joined_on:%d.%m.%Y}"


def _headed(heading, notice):
    if notice is None:
        return heading
    version = _("version %(n)s") % {"n": notice.version}
    return f"{heading} ({version})"


def _paragraphs(notice):
    parts = normalize_newlines(notice.text).split("\n\n") if notice else []
    return [breakable(" ".join(part.split())) for part in parts if part.strip()]
