from django import forms
from django.utils.translation import gettext_lazy as _


class LineForm(forms.Form):
    """One line of a roll: whether a trainee is absent, for how long and why."""

    absent = forms.BooleanField(required=False)
    hours = forms.IntegerField(label=_("Absent for"), min_value=1, required=False)
    excused = forms.BooleanField(required=False)
    note = forms.CharField(label=_("Note"), max_length=250, required=False)

    @property
    def absence(self):
        """[hours, excused, note] of a valid line, or None when present.

        Hours are None for the whole lesson.
        """
        line = self.cleaned_data
        if not line["absent"]:
            return None
        return [line["hours"], line["excused"], line["note"]]
