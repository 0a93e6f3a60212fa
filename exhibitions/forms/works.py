from django import forms
from django.utils.translation import gettext_lazy as _

from exhibitions.enums import NameForm
from exhibitions.models import Technique, Work
from izmek.text.order import tr_order
from trainees.models import Trainee

MEASURES = ("width", "height", "depth")
ABOVE_ZERO = {name: {"min_value": _("Write a number above zero.")} for name in MEASURES}


class WorkForm(forms.ModelForm):
    """A work as its teacher enters it, with its makers.

    `roster`: the trainees of the course; `teacher`: the teacher. Each has a checkbox and a choice
    of how to be named: `maker_<key>`, `form_<key>`.
    """

    group_name = forms.CharField(
        label=_("Or the whole class"),
        max_length=120,
        required=False,
        help_text=_("The name of the class or group; never a person's name."),
    )

    class Meta:
        model = Work
        fields = [
            "title",
            "technique",
            "materials",
            "width",
            "height",
            "depth",
            "text",
            "sale_status",
            "price",
        ]
        labels = {
            "title": _("Name of the work"),
            "technique": _("Technique"),
            "materials": _("Materials"),
            "width": _("Width (cm)"),
            "height": _("Height (cm)"),
            "depth": _("Depth (cm)"),
            "text": _("What should be known of it"),
            "sale_status": _("Is it for sale?"),
            "price": _("Price (TL)"),
        }
        help_texts = {
            "technique": "",
            "materials": _("For example: cotton yarn, needle"),
            "price": _("Only when it is for sale."),
            "text": _("Where the motif comes from, how long it took … Without people's names."),
        }
        localized_fields = MEASURES
        error_messages = ABOVE_ZERO
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, roster, teacher, **kwargs):
        super().__init__(*args, **kwargs)
        techniques = self.fields["technique"]
        techniques.queryset = Technique.objects.order_by(tr_order("name"))
        techniques.required = True
        for name in (*MEASURES, "price"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "class": "input--4"}
        self._people = {f"k{one.pk}": one for one in roster}
        if teacher:
            self._people["self"] = teacher
        made = self._made()
        for key, who in self._people.items():
            self.fields[f"maker_{key}"] = forms.BooleanField(
                label=str(who),
                required=False,
                initial=key in made,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[f"form_{key}"] = forms.ChoiceField(
                label=_("%(who)s wishes to be named") % {"who": who},
                choices=NameForm.choices,
                required=False,
                initial=made.get(key, NameForm.SHORT),
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self.initial["group_name"] = made.get("group", "")

    def _made(self):
        """{key: chosen name form} of the saved makers, and the group's name under `group`."""
        made = {}
        if self.instance.pk:
            for maker in self.instance.makers.all():
                if maker.group_name:
                    made["group"] = maker.group_name
                else:
                    made[f"k{maker.trainee_id}" if maker.trainee_id else "self"] = maker.form
        return made

    @property
    def people(self):
        """(checkbox, name form) of each possible maker."""
        return [(self[f"maker_{key}"], self[f"form_{key}"]) for key in self._people]

    @property
    def own_fields(self):
        """The fields of the work itself."""
        return [self[name] for name in self._meta.fields]

    def clean(self):
        data = super().clean()
        if not self.makers():
            self.add_error("group_name", _("Choose who made it, or write the name of the class."))
        return data

    def makers(self):
        """What `save_work` takes: [(trainee, teacher or group, NameForm)]."""
        data = self.cleaned_data
        made = [
            (who, data.get(f"form_{key}") or NameForm.SHORT)
            for key, who in self._people.items()
            if data.get(f"maker_{key}")
        ]
        if data.get("group_name", "").strip():
            made.append((" ".join(data["group_name"].split()), NameForm.FULL))
        return made


def roster_of(course):
    """Everyone who attends or attended the course, in Turkish order."""
    return Trainee.objects.filter(enrolments__course=course).order_by(
        tr_order("first_name"), tr_order("last_name"), "pk"
    )


def written_in(form):
    """[(label, text)] of what someone typed into a WorkForm, valid or not."""
    told = [(field.label, _as_read(field)) for field in form.own_fields]
    makers = [
        f"{box.label} ({_as_read(wish)})" if _as_read(wish) else box.label
        for box, wish in form.people
        if box.value()
    ]
    told.append((_("Made by"), ", ".join([*makers, form["group_name"].value() or ""]).strip(", ")))
    return [(label, text) for label, text in told if text]


def _as_read(field):
    """The text of a field for people: for a choice its label, not its key."""
    value = field.value()
    for key, label in getattr(field.field, "choices", ()):
        if value and str(key) == str(value):
            return str(label)
    return value or ""


class PhotoTextForm(forms.Form):
    """The description and other texts of one photo."""

    alt = forms.CharField(label=_("What is on the photo?"), max_length=250, required=False)
    decorative = forms.BooleanField(label=_("Needs no words"), required=False)
