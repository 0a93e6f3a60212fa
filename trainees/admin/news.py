"""News of a course: written, read as it will arrive, then sent."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, ngettext

from izmek.admin import ActionForm, object_action
from izmek.admin.records import length_in_words
from izmek.public.forms import LongTextField
from trainees import services
from trainees.admin.counter_links import takes_people
from trainees.rights import RIGHTS
from trainees.services.news import LONGEST


class NewsForm(ActionForm):
    """A text that is sent only once it was read as it will arrive: `read` is the text that was shown."""

    text = LongTextField(
        label=gettext_lazy("Text"),
        most=LONGEST,
        help_text=gettext_lazy(
            "One or two sentences. Before it is sent you see it as people will read it."
        ),
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    preview = None

    def clean(self):
        data = super().clean()
        if not (text := data.get("text")):
            return data
        try:
            self.preview = services.preview_news(course=self.obj, text=text)
        except ValidationError as refusal:
            self.add_error("text", refusal.messages)
            return data
        if data.get("read", "").split() != text.split():
            self.data = self.data.copy()
            self.data["read"] = text
            self.add_error(None, gettext("Not sent yet: read it as it will arrive, then send it."))
        return data

    @property
    def length(self):
        return length_in_words(self.preview.measured)


def _sent(preview):
    emails, messages = len(preview.by_email), len(preview.by_sms)
    mails = ngettext("%(count)d e-mail", "%(count)d e-mails", emails) % {"count": emails}
    return f"{mails}, {messages} SMS"


@object_action(
    gettext_lazy("Send news of the course"),
    form=NewsForm,
    may=RIGHTS.asks("send_news"),
    confirmed=True,
    when=takes_people,
    text=gettext_lazy(
        "It goes to those alone who agreed to be told of coming courses: who attended at this course "
        "centre, or the same programme at another, and has neither a seat nor an application here. By "
        "e-mail; by SMS to whom we have no address of."
    ),
    template="admin/trainees/send_news.html",
)
def send_news(self, request, course, data):
    """On the course's page."""
    preview = services.send_news(course=course, text=data["text"], by=request.user)
    return gettext("On their way: %(sent)s.") % {"sent": _sent(preview)}
