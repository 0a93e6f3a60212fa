"""The forms of requests about personal data: entered, found whose data they are about, what was done."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from courses.models import CourseCentre, Teacher
from exhibitions import services
from exhibitions.enums import CameBy, IdentityCheck, Wish
from exhibitions.models import Maker
from izmek.accounts.roles import Role
from izmek.admin import ActionForm, visible
from izmek.admin.actions import RowChoice
from izmek.admin.widgets import DateInput
from izmek.text.codes import read_code
from izmek.text.mail import MailFormField
from izmek.text.names import NameFormField
from izmek.text.order import tr_order
from izmek.text.phones import PhoneFormField, as_stored
from trainees.models import Application, Guardian, Trainee

WRITER = "writer"


class EnterRequestForm(ActionForm):
    """A request about personal data that came by letter, by e-mail or at the counter."""

    came_by = forms.ChoiceField(
        label=_("It came"), choices=[(one.value, one.label) for one in CameBy.entered()]
    )
    received_on = forms.DateField(
        label=_("came in on"),
        initial=timezone.localdate,
        widget=DateInput,
        help_text=_("From this day the 30 days run."),
    )
    wish = forms.ChoiceField(label=_("what is asked"), choices=Wish)
    name = NameFormField(label=_("name"), max_length=120, as_typed=True)
    email = MailFormField(label=_("e-mail"), required=False)
    phone = PhoneFormField(label=_("phone"), required=False)
    postal_address = forms.CharField(label=_("postal address"), max_length=250, required=False)
    message = forms.CharField(
        label=_("What the person wrote or said"),
        widget=AdminTextareaWidget,
        help_text=_("Without an identity number."),
    )
    centre = forms.ModelChoiceField(
        label=_("course centre"), queryset=CourseCentre.objects.none(), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = CourseCentre.objects.visible_to(self.request.user).order_by(tr_order("name"))
        self.fields["centre"].queryset = own
        if not self.request.user.has_role(Role.MANAGER):  # who could not see it afterwards
            self.fields["centre"].required = True


class WhoseForm(ActionForm):
    """Whose data a request is about, and how that was checked.

    Offers who is on record with the phone or the address of the request, and with another that is typed.
    """

    found = forms.ChoiceField(
        label=_("on record with this contact"), widget=forms.RadioSelect, required=False
    )
    contact = forms.CharField(
        label=_("another phone or e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Whoever you see with it is offered above."),
    )
    trainee = RowChoice(Maker, "trainee", required=False, label=_("trainee"))
    teacher = RowChoice(Maker, "teacher", required=False, label=_("teacher"))
    application = forms.CharField(
        label=_("application"),
        required=False,
        max_length=20,
        help_text=_("Of who is not on record: the reference, such as K7RC-3VTD-MZ4P."),
    )
    wish = forms.ChoiceField(label=_("what is asked"), choices=Wish)
    check = forms.ChoiceField(
        label=_("identity checked"), choices=[("", "---------"), *IdentityCheck.choices]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wish"].initial = self.obj.wish
        self.fields["trainee"].queryset = visible(Trainee, self.request.user)
        self.fields["teacher"].queryset = visible(Teacher, self.request.user)
        typed = self.data.get(self.add_prefix("contact"), "").strip()
        self.by_contact = _reached(self.request.user, typed)
        people = _reached(self.request.user, self.obj.phone, self.obj.email) | self.by_contact
        self.people = people | {WRITER: self.obj}
        offered = [(key, _told(person)) for key, person in people.items()]
        offered.append((WRITER, gettext("Nobody of these: only what the writer wrote is known")))
        self.fields["found"].choices = offered

    def clean_application(self):
        typed = self.cleaned_data["application"]
        if not typed:
            return None
        rows = visible(Application, self.request.user)
        found = rows.filter(reference=read_code(typed) or "-").first()
        if found is None:
            raise ValidationError(_("No application that you see has this reference."))
        if found.trainee_id:
            raise ValidationError(_("The applicant is on record: choose the trainee."))
        return found

    def clean(self):
        data = super().clean()
        chosen = [data[name] for name in ("trainee", "teacher", "application") if data.get(name)]
        if data.get("found"):
            chosen.append(self.people[data["found"]])
        if data.get("contact") and not chosen:
            self.add_error("contact", FOUND if self.by_contact else FOUND_NOBODY)
        elif not self.errors and len(chosen) != 1:
            raise ValidationError(_("Choose one person."))
        data["person"] = chosen[0] if chosen else None
        return data


FOUND = gettext_lazy("Found: choose above who it is.")
FOUND_NOBODY = gettext_lazy("Nobody whom you see is on record with this.")


def _reached(user, *contacts):
    """{key of a choice: person} of who is on record with one of the contacts."""
    contacts = [str(one) for one in contacts if one]
    email = next((one.lower() for one in contacts if "@" in one), "")
    phone = next((as_stored(one) for one in contacts if "@" not in one), "")
    people = services.reached_by(phone=phone, email=email, user=user)
    return {f"{one._meta.model_name}:{one.pk}": one for one in people}


def _told(person):
    """A person as a choice: what they are to us, and what tells namesakes apart."""
    if isinstance(person, Guardian):
        return gettext("Guardian: %(name)s, of %(trainee)s") % {
            "name": person,
            "trainee": person.trainee,
        }
    if isinstance(person, Application):
        told = {"name": person, "course": person.course, "reference": person.reference}
        return gettext("Applicant: %(name)s, %(course)s, %(reference)s") % told
    if isinstance(person, Teacher):
        return gettext("Teacher: %(name)s") % {"name": person}
    if person.birth_date:
        return gettext("Trainee: %(name)s, born %(year)d") % {
            "name": person,
            "year": person.birth_date.year,
        }
    return gettext("Trainee: %(name)s") % {"name": person}


class DoneForm(ActionForm):
    done = forms.CharField(label=_("what was done"), widget=AdminTextareaWidget)
