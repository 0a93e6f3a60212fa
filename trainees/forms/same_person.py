"""Questions of a form about who somebody is: the program asks, it never guesses.

What may be one person is decided in `trainees/queries/same_person.py`.
"""

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from trainees.models import Trainee
from trainees.queries.same_person import may_be_one_name
from trainees.wording import about


def ask(form, name, label, choices, *, help_text="", beside=""):
    """Add a question to a form that is being cleaned; returns its answer, "" with an error at it.

    `beside`: the field whose values it asks about.
    """
    form.fields[name] = forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text
    )
    answer = form.data.get(form.add_prefix(name), "")
    if answer not in dict(choices):
        wrong = _("On record is something else. Look at both, then choose.") if beside else ""
        form.add_error(name, wrong or _("Look at the identity card, then choose."))
        answer = ""
    form.cleaned_data[name] = answer
    return answer


def ask_which_counts(form, name, *, recorded, typed, shown):
    """Ask whether a recorded value stays or the typed one replaces it; returns the one that counts.

    `recorded` and `typed` in the words in which both are `shown` beside each other. An answer counts
    for these two values: others are asked about again.
    """
    pair = salted_hmac(f"{name}_counts", f"{recorded}|{typed}").hexdigest()[:12]
    choices = [
        (f"recorded-{pair}", _("on record: %(value)s") % {"value": shown[0]}),
        (f"typed-{pair}", _("typed now: %(value)s") % {"value": shown[1]}),
    ]
    label = _("%(field)s: which one counts?") % {"field": capfirst(form.fields[name].label)}
    answer = ask(form, f"{name}_counts", label, choices, beside=name)
    return recorded if answer.startswith("recorded") else typed


def ask_whether_known(form, *, name, birth_date, phone):
    """Ask whether somebody with a new number is on record already; returns that Trainee or None.

    Who is on record with another identity number is another person, or one of the numbers is wrong.
    """
    similar = Trainee.objects.select_related("identity").similar(
        name=name, birth_date=birth_date, phone=phone
    )
    if not similar:
        return None
    unnumbered = {str(one.pk): one for one in similar if not hasattr(one, "identity")}
    choices = [(key, _("Yes: %(who)s") % {"who": about(one)}) for key, one in unnumbered.items()]
    answer = ask(
        form,
        "same_as",
        _("Someone of this name is on record. Is it the same person?"),
        [*choices, ("new", _("No, it is somebody else"))],
        help_text=" ".join(
            _("On record with another identity number: %(who)s, %(number)s. Check the number.")
            % {"who": about(one), "number": one.masked_number}
            for one in similar
            if hasattr(one, "identity")
        ),
    )
    return unnumbered.get(answer)


def ask_whether_applicant(form, application, *, name):
    """Ask whether somebody of another name is the applicant; returns the application, or None."""
    if may_be_one_name(name, str(application)):
        return application
    answer = ask(
        form,
        "is_applicant",
        _("The application is of %(who)s. Is it the same person?") % {"who": application},
        [
            ("yes", _("Yes, it is the same person: the name has changed")),
            ("no", _("No: the application stays as it is")),
        ],
    )
    return application if answer == "yes" else None


def ask_whose_application(form, applications):
    """Ask which of some applications is theirs, if any; returns (application or None, was asked)."""
    if not applications:
        return None, False
    found = {str(one.pk): one for one in applications}
    choices = [(key, _("Yes: %(who)s") % {"who": one}) for key, one in found.items()]
    answer = ask(
        form,
        "theirs",
        _("An open application for this course may be theirs. Is it?"),
        [*choices, ("none", _("No, it is somebody else's"))],
    )
    return found.get(answer), bool(answer)
