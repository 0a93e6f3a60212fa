"""The forms of the counter: what staff type while somebody talks, on the telephone or before them.

They are those of the teacher's page (trainees/forms/registration.py), beside the number of whoever has none
on record, and the request of somebody who is not on record.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.secrets.identity import IdentityKind, normalise
from izmek.text.mail import MailFormField
from izmek.text.names import LastNameFormField, NameFormField
from izmek.text.phones import PhoneFormField
from trainees.enums import Channel, Purpose
from trainees.forms.applications import AsksSamePerson
from trainees.forms.consents import AsksConsents
from trainees.forms.fields import BirthYearField, DayField
from trainees.forms.registration import PersonForm
from trainees.queries.people import ADULT, adulthood

OFF = {"autocomplete": "off"}
# Fields in the order of a conversation; those of a question stand behind the one that they are about.
FIRST = (
    "first_name",
    "last_name",
    "birth_date",
    "phone",
    "phone_counts",
    "email",
    "email_counts",
    "birth_year",
    "neighbourhood",
    "education",
    "gender",
    "already_certified",
)
APPLICANT = (
    "first_name",
    "last_name",
    "phone",
    "email",
    "birth_year",
    "already_certified",
    "reference",
)
PHONE = OFF | {"type": "tel", "class": "input--11"}


REQUIRED = {  # what to do, where Django only says that something is missing
    "first_name": gettext_lazy("Enter the first name."),
    "birth_date": gettext_lazy("Enter the date of birth."),
    "phone": gettext_lazy("Enter a phone: it is how we reach the trainee."),
    "education": gettext_lazy("The programme asks for an education: enter the trainee’s."),
}


class NumberForm(forms.Form):
    """The number on the identity card or in the passport; its kind follows from what is typed.

    Valid, it has `identity`: the arguments of the services that take a number.
    """

    identity_number = forms.CharField(
        label=gettext_lazy("Number of the card or passport"),
        max_length=20,
        help_text=gettext_lazy("From the card itself. No copy of it is kept."),
        widget=forms.TextInput(attrs=OFF | {"class": "input--15"}),
        error_messages={"required": gettext_lazy("Enter the number on the identity card.")},
    )
    identity_country = forms.CharField(
        label=gettext_lazy("Country of the passport"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Only for a passport, two letters: DE, SY …"),
        widget=forms.TextInput(attrs=OFF | {"class": "input--4", "autocapitalize": "characters"}),
    )

    def clean(self):
        data = super().clean()
        number, country = data.get("identity_number"), data.get("identity_country", "")
        if not number:
            return data
        kind = kind_of(number, country)
        if kind == IdentityKind.PASSPORT and not (
            len(country) == 2 and country.isascii() and country.isalpha()
        ):
            self.add_error("identity_country", _("A passport needs its country."))
            return data
        try:
            number = normalise(kind, number)
        except ValidationError as error:
            self.add_error("identity_number", error)
        self.identity = {"kind": kind.value, "number": number, "country": country.upper()}
        return data


def read_day(typed):
    """The day that a DayField was given, or None."""
    try:
        return DayField(required=False).clean(typed)
    except ValidationError:
        return None


def kind_of(number, country=""):
    """The kind of a typed number: of a passport with a country or a letter in it."""
    number = "".join(number.split())
    if country or any(map(str.isalpha, number)):
        return IdentityKind.PASSPORT
    return IdentityKind.YKN if number.startswith("99") else IdentityKind.TCKN


class AsksConsentsAtCounter(AsksConsents):
    """The channel of the consents is chosen beforehand: the page knows how the person is here.

    No consent is.
    """

    channels = (Channel.PHONE, Channel.IN_PERSON, Channel.PAPER)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        channel = self.fields["channel"]
        channel.choices = [(one.value, one.label) for one in self.channels]
        channel.initial = self.channels[0].value
        self.fields["signed_on"].initial = timezone.localdate

    def show_typed(self, typed):
        """Show what was typed so far on the page; it is not judged yet."""
        self.initial |= {name: typed[name] for name in self.fields if typed.get(name)}

    # --- As the page lays it out ------------------------------------------------------------------

    @property
    def first_fields(self):
        return self._there(*FIRST)

    @property
    def consents_open(self):
        """Whether the questions stand open: none was answered yet, or something is wrong there."""
        asked = [*self.questions, self["channel"], self["signed_on"]]
        return not self._seen or any(field.errors for field in asked)

    def _there(self, *names):
        return [self[name] for name in names if name in self.fields]


class AtCounter(AsksConsentsAtCounter, PersonForm):
    """The record and the consents of a person at the counter, or on the telephone.

    Without a `course` nothing is asked that depends on it.
    """

    left_out = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, sentence in REQUIRED.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = sentence
        for name in self.left_out:
            self.fields.pop(name, None)
        self.asks_guardian = "guardian_name" in self.fields

    @property
    def of_known(self):
        """Whether it is about somebody on record."""
        return self.instance.pk is not None

    @property
    def more_fields(self):
        return self._there("support", "joined_on")

    @property
    def guardian_open(self):
        """Whether the guardian is asked: of somebody under 18, as far as is known yet."""
        guardians = self._there("guardian_name", "guardian_relation", "guardian_permits")
        born = read_day(self["birth_date"].value()) if "birth_date" in self.fields else None
        born = born or self.instance.birth_date
        return any(field.errors for field in guardians) or bool(born and born > adulthood())


class SeatForm(AtCounter):
    """Kesin kayıt at the counter: as the teacher's, and what only an officer may decide."""

    channels = (Channel.IN_PERSON, Channel.PAPER)
    joined_on = DayField(
        label=gettext_lazy("Joins on"),
        required=False,
        help_text=gettext_lazy("Empty: today, or the first day of a course that has not begun."),
    )
    override = forms.CharField(
        label=gettext_lazy("Reason for the exception"),
        max_length=250,
        required=False,
        empty_value=None,
        help_text=gettext_lazy("It is recorded with your name."),
        widget=forms.TextInput(attrs=OFF),
    )


class KnownApplicantForm(AtCounter):
    """Ön kayıt of somebody on record: no number, and only what the application needs."""

    consents_open = False
    left_out = (
        "neighbourhood",
        "education",
        "gender",
        "support",
        "guardian_name",
        "guardian_relation",
        "guardian_phone",
        "guardian_permits",
    )
    already_certified = forms.BooleanField(
        label=gettext_lazy("Has a certificate in this programme already"), required=False
    )


class NewApplicantForm(AsksConsentsAtCounter, AsksSamePerson):
    """Ön kayıt of somebody who is not on record; as the public form, and without its spam checks.

    Of the consents only news of other courses is asked: names and photos belong to who attends, and
    are asked with the card (DOMAIN.md §5). So is a guardian's permission; here it is who to speak to.
    """

    purposes = (Purpose.CONTACT,)
    asks_guardian = True
    of_known = False

    first_name = NameFormField(
        label=gettext_lazy("First name"),
        max_length=80,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": REQUIRED["first_name"]},
    )
    last_name = LastNameFormField(
        label=gettext_lazy("Last name"), max_length=80, widget=forms.TextInput(attrs=OFF)
    )
    phone = PhoneFormField(
        label=gettext_lazy("Phone"),
        widget=forms.TextInput(attrs=PHONE),
        error_messages={"required": REQUIRED["phone"]},
    )
    email = MailFormField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Who has none is called."),
        widget=forms.EmailInput(attrs=OFF),
    )
    birth_year = BirthYearField(
        label=gettext_lazy("Year of birth"),
        error_messages={"required": gettext_lazy("Enter the year of birth.")},
    )
    already_certified = forms.BooleanField(
        label=gettext_lazy("Has a certificate in this programme already"), required=False
    )
    guardian_name = NameFormField(
        label=gettext_lazy("Guardian's name"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    guardian_relation = forms.CharField(
        label=gettext_lazy("Relation"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Mother, father, guardian …"),
        widget=forms.TextInput(attrs=OFF),
    )
    guardian_phone = PhoneFormField(
        label=gettext_lazy("Guardian's phone"),
        required=False,
        widget=forms.TextInput(attrs=PHONE),
    )
    reference = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **facts):
        super().__init__(data, **facts)
        self._question.choices = [
            ("yes", _("Yes, it is the same person")),
            ("no", _("No, it is somebody else")),
        ]

    def clean(self):
        data = super().clean()
        age = self._age(data["birth_year"]) if data.get("birth_year") else ADULT
        more = data.get("guardian_relation") or data.get("guardian_phone")
        asked = age < ADULT or (age == ADULT and more)
        if asked and not data.get("guardian_name") and "guardian_name" not in self.errors:
            self.add_error("guardian_name", _("Under 18: enter the guardian's name."))
        return data

    @staticmethod
    def _age(year):
        """How old somebody born in the year gets this year."""
        return timezone.localdate().year - year

    @property
    def guardian_open(self):
        """Whether the guardian is asked: the year of birth alone does not tell the day."""
        year = str(self["birth_year"].value() or "").strip()
        young = year.isdecimal() and self._age(int(year[:4])) <= ADULT
        guardian = ("guardian_name", "guardian_relation", "guardian_phone")
        return young or any(self[name].errors for name in guardian)

    @property
    def request(self):
        """The arguments of `apply`."""
        data = self.cleaned_data
        asked = {name: data[name] for name in (*APPLICANT, "same_person") if name in data}
        guardian = {name: data[f"guardian_{name}"] for name in ("name", "relation", "phone")}
        if not guardian["name"] or self._age(data["birth_year"]) > ADULT:
            guardian = None
        return asked | {"guardian": guardian, "answers": self.answers}
