"""Letters to applicants and trainees; their texts are in templates/letters."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from izmek.acts.letters import write


def write_to_applicant(application, kind, **context):
    """Write to the address on the application. Applicants without one get a call (DESIGN.md §3).

    No letter repeats a word that the applicant typed, or the form would send anybody's words to
    anybody. `initials` tell a family with one address whom the letter is about.
    """
    return write(
        kind=kind,
        to=application.email,
        about=application,
        language=application.language,
        context={
            "initials": " ".join(
                f"{word[0]}." for word in str(application).split() if word[0].isalpha()
            ),
            "application": application,
            "course": application.course,
            "page": _own_page(application),
            **context,
        },
    )


def _own_page(application):
    """The address of the applicant's page (DESIGN.md §5), in the language of the application."""
    with override(application.language):
        return settings.SITE_URL + reverse("application", args=[application.reference])


def write_to_trainee(enrolment, kind, **context):
    """Write about a seat to the trainee's address, or else to the one on the application."""
    application = enrolment.application
    return write(
        kind=kind,
        to=enrolment.trainee.email or (application.email if application else ""),
        about=enrolment,
        language=application.language if application else settings.LANGUAGE_CODE,
        context={
            "name": str(enrolment.trainee),
            "enrolment": enrolment,
            "course": enrolment.course,
            **context,
        },
    )


def write_to_class(course, kind, **context):
    """Write to everyone who attends the course."""
    enrolments = course.enrolments.current().select_related("trainee", "application")
    for enrolment in enrolments:
        write_to_trainee(enrolment, kind, **context)
