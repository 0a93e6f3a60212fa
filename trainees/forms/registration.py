from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izmek.secrets.identity import IdentityKind, normalise
from izmek.text import masks
from izmek.text.names import LastNameFormField, NameFormField
from izmek.text.order import tr_order
from izmek.text.phones import PhoneFormField, show
from trainees.forms.consents import AsksConsents
from trainees.forms.fields import DayField, education_asked
from trainees.forms.names import read_names
from trainees.forms.same_person import (
    ask_whether_applicant,
    ask_whether_known,
    ask_which_counts,
    ask_whose_application,
)
from trainees.models import Trainee, check_birth_date
from trainees.queries.people import adulthood
from trainees.services import applications_to_ask, too_young


class IdentityForm(forms.Form):
    """The number on the identity card; its kind follows from the number (DOMAIN.md §4)."""

    number = forms.CharField(
        label=_("T.C. identity number or foreigner number"),
        max_length=30,
        help_text=_(
            "11 digits, as on the identity card. Someone with a passport registers at the centre."
        ),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--11"}
        ),
        error_messages={"required": _("Enter the number on the identity card.")},
    )

    def clean_number(self):
        number = "".join(self.cleaned_data["number"].split())
        self.kind = IdentityKind.YKN if number.startswith("99") else IdentityKind.TCKN
        return normalise(self.kind, number)


def _phone_input():
    return forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "input--11"})


# How a typed value is shown beside the recorded one, and that one: {column: (shown, masked)}.
CONTACT = {"phone": (show, masks.phone), "email": (str, masks.email)}


class PersonForm(AsksConsents, forms.ModelForm):
    """The record of a trainee at kesin kayıt, and the consents.

    A new person is asked everything. A known person (`instance` with a key) is asked only for
    missing data, and for phone and e-mail, which may have changed and are not shown. Where somebody
    on record or an open application may be theirs, the form asks. Afterwards `trainee` is the person
    meant, `accepted` their application, and `not_theirs` whether they said that another one is not.

    `course` may be None while none is chosen: then it is only shown.
    """

    last_name = LastNameFormField(label=_("Last name"), max_length=80)
    birth_date = DayField(label=_("Date of birth"), validators=[check_birth_date])
    phone = PhoneFormField(label=_("Phone"), widget=_phone_input())
    support = forms.CharField(
        label=_("What helps the trainee to take part"),
        required=False,
        max_length=250,
        help_text=_("For example a seat near the teacher. No diagnosis, no percentage."),
    )
    guardian_name = NameFormField(label=_("Guardian's name"), max_length=160, required=False)
    guardian_relation = forms.CharField(
        label=_("Relation"),
        max_length=40,
        required=False,
        help_text=_("Mother, father, guardian …"),
    )
    guardian_phone = PhoneFormField(
        label=_("Guardian's phone"),
        required=False,
        widget=_phone_input(),
    )
    guardian_permits = forms.BooleanField(
        label=_("The guardian is here or has signed: the trainee may attend the course"),
        required=False,
    )

    class Meta:
        model = Trainee
        fields = [
            "first_name",
            "last_name",
            "birth_date",
            "phone",
            "email",
            "neighbourhood",
            "education",
            "gender",
        ]

    def __init__(self, *args, course, number_kind, application=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.course, self.application = course, application
        for name in ("first_name", "last_name", "guardian_name"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "autocapitalize": "words"}
        read_names(self, number_kind)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        places = self.fields["neighbourhood"]
        places.queryset = places.queryset.order_by(tr_order("name"))
        if asked := course and education_asked(course):
            field = self.fields["education"]
            field.required, field.help_text = True, asked
        self.trainee = self.instance
        if self.instance.pk:
            self._ask_what_is_missing()
        self.asks_guardian = "guardian_name" in self.fields

    def _ask_what_is_missing(self):
        known = self.instance
        drop = ["first_name", "last_name", "support"]
        drop += [
            name
            for name in ("birth_date", "neighbourhood", "education", "gender")
            if getattr(known, name)
        ]
        for name in ("phone", "email"):
            if getattr(known, name):
                self.initial[name] = ""
                self.fields[name].required = False
                self.fields[name].help_text = _("Leave it empty unless it has changed.")
        permitted = known.guardians.filter(permission_on__isnull=False)
        if known.birth_date and (not known.is_minor() or permitted.exists()):
            drop += [name for name in self.fields if name.startswith("guardian_")]
        for name in drop:
            del self.fields[name]

    def clean_birth_date(self):
        """Check the age first, so that nobody brings a guardian for nothing."""
        born = self.cleaned_data["birth_date"]
        if refusal := too_young(course=self.course, birth_date=born):
            raise forms.ValidationError(refusal.messages, code="age")
        return born

    def clean_phone(self):
        return self.cleaned_data["phone"] or self.initial_of("phone")

    def clean_email(self):
        return self.cleaned_data["email"] or self.initial_of("email")

    def initial_of(self, name):
        """The stored values of a known person; a field left empty changes nothing."""
        return getattr(self.instance, name) if self.instance.pk else ""

    def clean(self):
        data = super().clean()
        self._check_guardian(data)
        if not self.errors:
            self._ask_who_it_is(data)
        if not self.errors:
            self._ask_what_counts()
        return data

    def _ask_what_counts(self):
        """Ask before a phone or an address on record is replaced; the recorded one is shown masked."""
        for name, (shown, masked) in CONTACT.items():
            recorded = getattr(self.trainee, name) if self.trainee.pk else ""
            typed = self.cleaned_data[name]
            if recorded and typed and recorded != typed:
                both = (masked(recorded), shown(typed))
                self.cleaned_data[name] = ask_which_counts(
                    self, name, recorded=recorded, typed=typed, shown=both
                )

    def _check_guardian(self, data):
        born = data.get("birth_date")
        if born is None or born <= adulthood() or not self.asks_guardian:
            return
        for name, message in (
            ("guardian_name", _("Under 18: enter the guardian's name.")),
            ("guardian_relation", _("Enter the relation, for example mother.")),
            ("guardian_permits", _("Under 18: the guardian's permission is needed.")),
        ):
            if not data.get(name):
                self.add_error(name, message)

    def _ask_who_it_is(self, data):
        """Ask where somebody on record, or an application, may be this person's."""
        typed = self._as_typed(data)
        name, asked = str(typed), self.application
        if not typed.pk:
            facts = {"birth_date": typed.birth_date, "phone": typed.phone}
            self.trainee = ask_whether_known(self, name=name, **facts) or self.instance
        self.accepted, self.not_theirs = asked, False
        if asked and not (self.trainee.pk and self.trainee.pk == asked.trainee_id):
            self.accepted = ask_whether_applicant(self, asked, name=name)
        if self.accepted or self.errors:
            return
        found = applications_to_ask(trainee=typed, course=self.course)
        others = [one for one in found if one != asked]
        self.accepted, self.not_theirs = ask_whose_application(self, others)
        self.not_theirs = self.not_theirs or bool(asked)

    def _as_typed(self, data):
        """The person with what was typed, not to be saved."""
        names = ("first_name", "last_name", "birth_date", "phone")
        facts = {name: data.get(name) or getattr(self.instance, name) for name in names}
        return Trainee(pk=self.instance.pk, **facts)

    @property
    def changes(self):
        """{field: value} of what was typed; an empty field changes nothing."""
        asked = [name for name in self._meta.fields if name in self.fields]
        who = self.trainee
        if who is not self.instance:  # known after all: what is on record stays, unseen as it is
            may_change = ("phone", "email")
            asked = [name for name in asked if name in may_change or not getattr(who, name)]
        return {name: self.cleaned_data[name] for name in asked if self[name].data}

    @property
    def guardian(self):
        """The arguments of `record_guardian` for a trainee under 18; else None."""
        data = self.cleaned_data
        if not data.get("guardian_name") or not self.instance.is_minor():
            return None
        return {
            "name": data["guardian_name"],
            "relation": data["guardian_relation"],
            "phone": data["guardian_phone"],
            "permission_on": timezone.localdate() if data["guardian_permits"] else None,
        }
