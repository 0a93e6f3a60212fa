from django import forms
from django.utils.translation import gettext_lazy as _

from exhibitions.enums import NameForm, SaleStatus
from exhibitions.models import Technique, Work
from izmek.acts.sent_late import RemembersShown, in_words
from izmek.text.lines import LineFormField
from izmek.text.order import tr_order
from trainees.models import Trainee

MEASURES = ("width", "height", "depth")
ABOVE_ZERO = {name: {"min_value": _("Write a number above zero.")} for name in MEASURES}


def without_sold(form):
    """Offer the states of sale that people set; “sold” only where it stands already."""
    field = form.fields["sale_status"]
    states = SaleStatus.typed()
    if form.instance.sale_status == SaleStatus.SOLD:
        states.append(SaleStatus.SOLD)
    field.choices = [(state.value, state.label) for state in states]


class WorkForm(RemembersShown, forms.ModelForm):
    """A work as its teacher enters it, with its makers.

    `roster`: the trainees of the course; `teacher`: the teacher. Each has a checkbox and a choice
    of how to be named: `maker_<key>`, `form_<key>`. One group can be typed. Other makers (of another
    course, another teacher, a second group) are `others`: shown as text and left as they are.
    """

    group_name = LineFormField(
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
        without_sold(self)
        for name in (*MEASURES, "price"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "class": "input--4"}
        self._people = {f"k{one.pk}": one for one in roster}
        if teacher:
            self._people["self"] = teacher
        self._made = list(self.instance.makers.all()) if self.instance.pk else []
        made = {self._key(maker): maker for maker in reversed(self._made)}  # the first group
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
                initial=made[key].form if key in made else NameForm.SHORT,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self._group = made.get("group")
        self.initial["group_name"] = self._group.group_name if self._group else ""
        self.others = [maker for maker in self._made if not self._shows(maker)]
        self.remember_shown()

    def _key(self, maker):
        """The key of a maker in this form, whether or not it has fields here."""
        if maker.group_name:
            return "group"
        if maker.teacher_id:
            own = self._people.get("self")
            return "self" if own and own.pk == maker.teacher_id else f"t{maker.teacher_id}"
        return f"k{maker.trainee_id}"

    def _shows(self, maker):
        """Whether the maker has fields in this form."""
        return maker == self._group or self._key(maker) in self._people

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
        """What `save_work` takes: [(trainee, teacher or group, NameForm)].

        Those who are makers already keep their order, new ones follow.
        """
        data = self.cleaned_data
        chosen = {
            key: (who, data.get(f"form_{key}") or NameForm.SHORT)
            for key, who in self._people.items()
            if data.get(f"maker_{key}")
        }
        group = " ".join(data.get("group_name", "").split())
        if group and group not in {maker.group_name for maker in self.others}:
            chosen["group"] = (group, NameForm.FULL)
        made = [
            chosen.pop(self._key(maker), None)
            if self._shows(maker)
            else (maker.trainee or maker.teacher or maker.group_name, maker.form)
            for maker in self._made
        ]
        return [*filter(None, made), *chosen.values()]


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


def _as_read(bound):
    """The text of a field for people; "" for nothing."""
    return in_words(bound.field, bound.value()) if bound.value() else ""


class PhotoTextForm(forms.Form):
    """The description of one photo, and in hidden fields the one that the page shows."""

    alt = forms.CharField(label=_("What is on the photo?"), max_length=250, required=False)
    decorative = forms.BooleanField(label=_("Needs no words"), required=False)
    shown_alt = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    shown_decorative = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def description(self):
        """What `describe_photo` takes, from a valid form."""
        data = dict(self.cleaned_data)
        shown = (data.pop("shown_alt"), data.pop("shown_decorative"))
        return data | {"shown": shown if self.add_prefix("shown_alt") in self.data else None}
