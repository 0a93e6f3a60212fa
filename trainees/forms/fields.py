"""Form fields that fit what is typed: by teachers on a phone, by staff while somebody talks."""

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.enums import Education
from izmek.text.clock import EndFormField


def education_asked(course):
    """The help text of the education field when the course requires an education; else ""."""
    minimum = course.programme.minimum_education
    if minimum == Education.NONE:
        return ""
    return gettext("The programme asks for at least: %(minimum)s.") % {
        "minimum": Education(minimum).label
    }


class BirthYearField(forms.IntegerField):
    """A year of birth of four digits."""

    default_error_messages = {
        "invalid": _("Enter the year with four digits, for example 1985."),
        "impossible": _("This year of birth cannot be right: look at it again."),
    }
    widget = forms.TextInput

    def __init__(self, *, autocomplete="off", **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": autocomplete,
            "class": "input--4",
        }

    def validate(self, year):
        super().validate(year)
        if year is None or 1900 <= year <= timezone.localdate().year:
            return
        code = "impossible" if 1000 <= year <= 9999 else "invalid"
        raise forms.ValidationError(self.error_messages[code], code="year")


class DayField(forms.DateField):
    """A date typed as day, month, year, with or without separators: 05.06.1985, 05061985.

    The browser's calendar is slow for a birth date forty years ago.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write the date as day, month and year, for example 05.06.1985.")
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("Day, month, year, for example 05.06.1985"))
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "input--11"}

    def to_python(self, value):
        text = str(value or "")
        if text.isdecimal() and len(text) == 8:
            value = f"{text[:2]}.{text[2:4]}.{text[4:]}"
        return super().to_python(value)

    def prepare_value(self, value):
        return value if isinstance(value, str | None) else formats.date_format(value, "d.m.Y")


class CalendarField(forms.DateField):
    """A date near today, chosen in the browser's calendar."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input--11"})
        super().__init__(widget=widget, **kwargs)


class ClockField(EndFormField):
    """A time of day, chosen with the browser's clock."""

    def __init__(self, **kwargs):
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input--11"})
        super().__init__(widget=widget, **kwargs)
