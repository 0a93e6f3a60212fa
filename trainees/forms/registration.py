from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izmek.secrets.identity import IdentityKind, normalise
from izmek.text import masks
from izmek.text.fold import fold
from izmek.text.names import LastNameFormField, NameFormField
from izmek.text.order import tr_order
from izmek.text.phones import PhoneFormField
from trainees.forms.consents import AsksConsents
from trainees.forms.fields import DayField, education_asked
from trainees.forms.names import read_names
from trainees.models import Trainee, check_birth_date
from trainees.queries.people import adulthood
from trainees.services import too_young


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


def masked_name(trainee):
    """A trainee's name for users who may not see the trainee: `E*** Y***`."""
    return " ".join(f"{word[0]}{masks.HIDDEN}" for word in str(trainee).split())


class PersonForm(AsksConsents, forms.ModelForm):
    """The record of a trainee at kesin kayıt, and the consents.

    A new person is asked everything. A known person (`instance` with a key) is asked only for
    missing data, and for phone and e-mail, which may have changed and are not shown. If a new
    person looks like a known one, the form asks (`same_as`). Afterwards `trainee` is the person
    meant.
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
        if asked := education_asked(course):
            field = self.fields["education"]
            field.required, field.help_text = True, asked
        self.similar = []
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
        if not self.instance.pk and not self.errors:
            self._look_for_the_same(data)
        if self.application and not self.errors:
            self._compare_with_the_applicant(data)
        return data

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

    def _look_for_the_same(self, data):
        """Ask whether a known person with this name and birth date or phone is meant."""
        self.similar = list(
            Trainee.objects.similar(
                first_name=data["first_name"],
                last_name=data["last_name"],
                birth_date=data["birth_date"],
                phone=data["phone"],
            ).select_related("identity")
        )
        if not self.similar:
            return
        # A candidate with another identity number is another person, or one of the numbers is
        # wrong.
        choices = [
            (str(one.pk), _("Yes: %(who)s") % {"who": _about(one)})
            for one in self.similar
            if not hasattr(one, "identity")
        ]
        choices.append(("new", _("No, it is somebody else")))
        others = [one for one in self.similar if hasattr(one, "identity")]
        self.fields["same_as"] = forms.ChoiceField(
            label=_("Someone of this name is on record. Is it the same person?"),
            choices=choices,
            widget=forms.RadioSelect,
            help_text=" ".join(
                _("On record with another identity number: %(who)s, %(number)s. Check the number.")
                % {"who": _about(one), "number": one.masked_number}
                for one in others
            ),
        )
        data["same_as"] = self.data.get(self.add_prefix("same_as"), "")
        if data["same_as"] not in dict(choices):
            self.add_error("same_as", _("Look at the identity card, then choose."))

    def _compare_with_the_applicant(self, data):
        """Ask who this person is when record, name and phone all differ from the applicant's."""
        asked, who = self.application, self.trainee
        if who.pk and who.pk == asked.trainee_id:
            return
        name = str(who) if who.pk else f"{data['first_name']} {data['last_name']}"
        if fold(name) == fold(str(asked)) or data["phone"] == asked.phone:
            return
        choices = [
            ("yes", _("Yes, it is the same person: name and phone have changed")),
            ("no", _("No: the application stays as it is")),
        ]
        self.fields["is_applicant"] = forms.ChoiceField(
            label=_("The application is of %(who)s. Is it the same person?") % {"who": asked},
            choices=choices,
            widget=forms.RadioSelect,
        )
        data["is_applicant"] = self.data.get(self.add_prefix("is_applicant"), "")
        if data["is_applicant"] not in dict(choices):
            self.add_error("is_applicant", _("Look at the identity card, then choose."))

    @property
    def accepted(self):
        """The application behind the seat, or None."""
        return None if self.cleaned_data.get("is_applicant") == "no" else self.application

    @property
    def trainee(self):
        """The person meant: a new record as typed, or a known trainee."""
        chosen = [one for one in self.similar if str(one.pk) == self.cleaned_data.get("same_as")]
        return chosen[0] if chosen else self.instance

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


def _about(trainee):
    """A short description for users who may not open the record: enough to recognise the person."""
    known = [masked_name(trainee)]
    if trainee.birth_date:
        known.append(str(trainee.birth_date.year))
    if trainee.phone:
        known.append(f"… {str(trainee.phone.national_number)[-2:]}")
    return ", ".join(known)
