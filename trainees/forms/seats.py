from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.services import who_teaches
from izmek.acts.sent_late import RemembersShown
from izmek.text.names import NO_LAST_NAME, LastNameFormField, NameFormField
from trainees.forms.fields import CalendarField
from trainees.forms.names import kind_of_number, read_names


class NamesForm(RemembersShown, forms.Form):
    """The names of a trainee, and of the guardian of one under 18."""

    first_name = NameFormField(label=_("First name"), max_length=80)
    last_name = LastNameFormField(label=_("Last name"), max_length=80)
    guardian_name = NameFormField(label=_("Guardian's name"), max_length=160)

    def __init__(self, *args, trainee, **kwargs):
        guardian = trainee.guardians.last() if trainee.is_minor() else None
        initial = {
            "first_name": trainee.first_name,
            "last_name": trainee.last_name or NO_LAST_NAME,
            "guardian_name": guardian and guardian.name,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if guardian is None:
            del self.fields["guardian_name"]
        read_names(self, kind_of_number(trainee))
        self.remember_shown()


class LeaveForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=250)
    left_on = CalendarField(
        label=_("First day without the trainee"),
        initial=timezone.localdate,
        help_text=_("From that day on the trainee is on no roll."),
    )


class TransferForm(forms.Form):
    """The new course: one of the same programme, or another of the teacher's own."""

    course = forms.ModelChoiceField(
        Course.objects.none(), label=_("New course"), empty_label=_("Choose")
    )
    reason = forms.CharField(label=_("Reason"), max_length=250)

    def __init__(self, *args, enrolment, user, **kwargs):
        super().__init__(*args, **kwargs)
        courses = Course.objects.booking().filter(end__gte=timezone.localdate())
        same = courses.filter(programme=enrolment.course.programme_id)
        own = courses.filter(pk__in=Course.objects.taught_by(user).values("pk"))
        field = self.fields["course"]
        field.queryset = (
            (same | own)
            .exclude(pk=enrolment.course_id)
            .select_related("programme", "centre", "teacher")
            .prefetch_related("teacher_changes__teacher")
            .order_by("begin", "pk")
        )
        field.label_from_instance = lambda course: f"{course} · {who_teaches(course)}"
        if not field.queryset.exists():
            field.help_text = _("There is no other group of the programme now.")
