from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Teacher
from izmek.acts.sent_late import RemembersShown
from izmek.text.order import tr_order
from trainees.forms.fields import CalendarField, ClockField


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        help_text=_("Trainees with an e-mail address read it; the others are told by telephone."),
    )


class MakeUpForm(forms.Form):
    date = CalendarField(label=_("Day"))
    begin = ClockField(label=_("Begins at"))
    end = ClockField(label=_("Ends at"))
    lesson_hours = forms.IntegerField(
        label=_("How many lesson hours?"),
        min_value=1,
        max_value=12,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--4"}),
    )


class SubstituteForm(RemembersShown, forms.Form):
    """Who gives one lesson instead of the teacher; empty: the course's own teacher again."""

    teacher = forms.ModelChoiceField(
        Teacher.objects.none(),
        label=_("Who gives the lesson?"),
        required=False,
        empty_label=_("I give it myself"),
        help_text=_("The substitute sees the roll of this lesson and nothing else of the course."),
    )

    def __init__(self, *args, course, own, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = Teacher.objects.filter(centres=course.centre_id).exclude(pk=own)
        self.fields["teacher"].queryset = colleagues.order_by(
            tr_order("first_name"), tr_order("last_name"), "pk"
        )
        self.remember_shown()
