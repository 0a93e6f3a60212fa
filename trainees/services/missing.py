"""What the record of a person lacks: what somebody has to ask them for."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from trainees.enums import Purpose


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a word for it in code, and the sentence for staff."""

    what: str
    sentence: str


def missing(*, trainee, guardians, answers, attends, today=None):
    """What a trainee's record lacks, the most pressing first: a list of Missing.

    `guardians`: theirs. `answers`: their consents, as from `answers_of`. `attends`: whether they have a
    seat now; what only a seat needs is asked of nobody else (DOMAIN.md §4, §5).
    """
    found = []

    def lacks(what, sentence):
        found.append(Missing(what, sentence))

    if attends and not hasattr(trainee, "identity"):
        lacks("number", _("The identity number is not on record."))
    if trainee.birth_date is None:
        lacks("birth date", _("The date of birth is not on record."))
    elif trainee.is_minor(today) and not guardians:
        lacks("guardian", _("Under 18, and no guardian is on record."))
    elif trainee.is_minor(today) and not any(one.permission_on for one in guardians):
        lacks("permission", _("Under 18, and no guardian’s permission is on record."))
    if not trainee.phone and not any(one.phone for one in guardians):
        lacks("phone", _("No phone number is on record."))
    if trainee.phone_is_wrong:
        lacks("phone", _("A phone number on record proved wrong."))
    if any(one.phone_is_wrong for one in guardians):
        lacks("guardian phone", _("A guardian’s phone number on record proved wrong."))
    if attends and not trainee.education:
        lacks("education", _("The education is not on record."))
    if attends:
        unasked = [Purpose(purpose).label for purpose, answer in answers.items() if answer is None]
        if unasked:
            sentence = _("Consents that nobody has asked for: %(purposes)s.")
            lacks("consent", sentence % {"purposes": ", ".join(map(str, unasked))})
        grown_up = trainee.birth_date and not trainee.is_minor(today)
        if grown_up and any(one and one.answer and one.guardian_id for one in answers.values()):
            lacks("consent", _("The guardian’s consents have ended at 18: ask anew."))
    if not trainee.email:
        lacks("e-mail", _("No e-mail address: news reach them by telephone alone."))
    return found
