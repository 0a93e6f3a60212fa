"""Rows of a form that may not overlap."""

from izmek.acts.refusal import Refusal
from izmek.admin import TabularInline


def without_overlap(check):
    """A formset whose rows, as they will be, pass `check`; what it refuses stands at the later row.

    The model sees one row at a time, and beside it the others as they were: it would refuse a border
    between two rows that is moved in both, and let two new rows overlap.
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
