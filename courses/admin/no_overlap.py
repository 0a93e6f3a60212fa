"""Form rows that may not overlap."""

from izmek.acts.refusal import Refusal
from izmek.admin import TabularInline


def without_overlap(check):
    """A formset that runs `check` on all rows with their new values.

    Errors appear at the later row.

    The model validates one row against the stored others. That would refuse a change of the border
    between two rows, and would let two new rows overlap.
    """

    class ApartFormSet(TabularInline.formset):
        def clean(self):
            super().clean()
            rows = [f for f in self.forms if f not in self.deleted_forms and f.is_valid()]
            rows = [form for form in rows if form.has_changed() or form.instance.pk]
            try:
                check(form.instance for form in rows)
            except Refusal as refusal:
                later = next(form for form in rows if form.instance is refusal.row)
                later.add_error(None, refusal)

    return ApartFormSet
