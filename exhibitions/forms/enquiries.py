"""Forms for visitors: a question, a request about personal data, feedback (DESIGN.md §5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import CourseCentre
from exhibitions.enums import EnquiryKind, EnquiryTopic
from izmek.public.forms import LongTextField
from izmek.public.spam_checks import SpamCheckedForm
from izmek.text.mail import MailFormField
from izmek.text.names import NameFormField
from izmek.text.order import tr_order
from izmek.text.phones import PhoneFormField

MOST_LETTERS = 4000


class EnquiryForm(SpamCheckedForm):
    """A question about a work or an exhibition.

    Answered by e-mail or telephone, as the visitor wants.
    """

    kind = EnquiryKind.QUESTION

    message = LongTextField(
        label=_("Your question"),
        most=MOST_LETTERS,
        error_messages={"required": _("Write your question.")},
    )
    name = NameFormField(
        as_typed=True,
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = MailFormField(
        label=_("E-mail"),
        required=False,
        help_text=_("The answer goes there. Without it, give a phone number."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneFormField(
        label=_("Phone"),
        required=False,
        help_text=_("For those who prefer to be called."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "input--11"}),
    )

    def clean(self):
        data = self.cleaned_data
        if not {"email", "phone"} & set(self.errors) and not data["email"] and not data["phone"]:
            self.add_error(
                "email",
                forms.ValidationError(
                    _("Enter an e-mail address or a phone number, so that we can answer."),
                    code="contact",
                ),
            )
        return super().clean()

    @property
    def request(self):
        """The arguments for the service, from a valid form."""
        phone = self.cleaned_data["phone"]
        return super().request | {"phone": phone.as_e164 if phone else "", "kind": self.kind}


class PrivacyForm(EnquiryForm):
    """A request about personal data (KVKK art. 11), from the page that shows them."""

    kind = EnquiryKind.PRIVACY
    field_order = ("topic", "message", "name", "email", "phone")

    topic = forms.ChoiceField(
        label=_("What is your request about?"),
        choices=[(topic.value, topic.label) for topic in EnquiryTopic.of_privacy()],
        error_messages={"required": _("Choose what it is about.")},
        widget=forms.RadioSelect,
    )
    message = LongTextField(
        label=_("What do you ask us to do?"),
        help_text=_("For example: take my name off this page. No identity number, please."),
        most=MOST_LETTERS,
        error_messages={"required": _("Write what you ask us to do.")},
    )


class FeedbackForm(EnquiryForm):
    """Feedback about the municipality's courses, from the contact page."""

    field_order = ("topic", "centre", "message", "name", "email", "phone")

    topic = forms.ChoiceField(
        label=_("What do you write about?"),
        choices=[(topic.value, topic.label) for topic in EnquiryTopic.of_feedback()],
        error_messages={"required": _("Choose what it is about.")},
        widget=forms.RadioSelect,
    )
    centre = forms.ModelChoiceField(
        label=_("Course centre"),
        queryset=CourseCentre.objects.none(),
        required=False,
        empty_label=_("All of them, or I do not know"),
        widget=forms.Select(attrs={"lang": "tr"}),
    )
    message = LongTextField(
        label=_("Your message"),
        most=MOST_LETTERS,
        error_messages={"required": _("Write your message.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = CourseCentre.objects.public().order_by(tr_order("name"))

    @property
    def kind(self):
        is_request = self.cleaned_data["topic"] == EnquiryTopic.DATA
        return EnquiryKind.PRIVACY if is_request else EnquiryKind.FEEDBACK
