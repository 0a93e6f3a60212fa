from django import forms
from django.utils.translation import gettext_lazy as _


class LineForm(forms.Form):
    """One line of a roll: whether a trainee is absent, for how long and why.

    `hours`: the lesson hours of the session. Hours left empty are all of them.
    """

    absent = forms.BooleanField(required=False)
    hours = forms.IntegerField(label=_("Absent for"), min_value=1, required=False)
    excused = forms.BooleanField(required=False)
    note = forms.CharField(label=_("Note"), max_length=250, required=False)

    def __init__(self, *args, hours, **kwargs):
        super().__init__(*args, **kwargs)
        self.session_hours = hours

    @property
    def absence(self):
        """[hours, excused, note] of a valid line, or None for someone who is present."""
        line = self.cleaned_data
        if not line["absent"]:
            return None
        return [line["hours"] or self.session_hours, line["excused"], line["note"]]
