from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exhibitions.enums import ExhibitionState, PaidTo
from exhibitions.models import Exhibition
from exhibitions.models.sales import LEAST
from izmek.text.amounts import AmountFormField
from trainees.forms.fields import CalendarField

DAY = _("Day of the sale")


class SaleFields(forms.Form):
    """What is noted of the sale of a work, filled in as far as it is likely: two taps are enough.

    `work`: what was sold. `at`: the key of the exhibition whose page asks; else the last that has begun.
    """

    price = AmountFormField(
        label=_("Price (TL)"),
        max_digits=9,
        decimal_places=2,
        min_value=LEAST,
        error_messages={"min_value": _("Write what was paid for it: at least 1 TL.")},
    )
    paid_to = forms.ChoiceField(
        label=_("Who got the money?"), choices=PaidTo.choices, initial=PaidTo.MAKER
    )
    exhibition = forms.ModelChoiceField(
        Exhibition.objects.none(),
        label=_("Where was it sold?"),
        required=False,
        empty_label=_("not at an exhibition"),
    )

    def __init__(self, *args, work, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        shown = Exhibition.objects.filter(
            state=ExhibitionState.PUBLISHED,
            pk__in=work.showings.approved().order_by().values("exhibition"),
        ).order_by("-begin", "-pk")
        field = self.fields["exhibition"]
        field.queryset = shown
        begun = [row.pk for row in shown if row.begin <= timezone.localdate()]
        self.initial["exhibition"] = at if at in begun else next(iter(begun), None)
        self.initial["price"] = work.price


class SaleForm(SaleFields):
    """The same for a teacher's phone."""

    field_order = ("price", "date", "paid_to", "exhibition")
    date = CalendarField(label=DAY, initial=timezone.localdate)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["price"].widget.attrs |= {"inputmode": "decimal", "class": "input--4"}
