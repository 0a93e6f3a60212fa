"""Our ModelAdmin: Django's with scope, services, edit conflicts, history, acts (DESIGN.md §2).

An app's `admin.py` takes everything from here:

    @admin.register(Course)
    class CourseAdmin(ModelAdmin):
        object_actions = ["open"]

        def save_row(self, request, course):
            services.save_course(course=course, by=request.user)

        @object_action(_("Open"), when=lambda course: course.state == "planned")
        def open(self, request, course, data):
            services.open_course(course=course, by=request.user)
            return _("The course is open.")

A higher app adds to a lower app's admin in its `admin/extensions.py` (`extend`).
"""

from izmek.admin.actions import (
    ActionForm,
    RowChoice,
    SeveralRows,
    bulk_action,
    object_action,
    object_link,
)
from izmek.admin.base import ModelAdmin, ReadOnlyAdmin
from izmek.admin.desk import FORM, HISTORY, Desk, Fact, Head, Meter, Tab, Tag, who_holds
from izmek.admin.extensions import after_act, extend
from izmek.admin.filters import ChosenFilter, RelatedFilter
from izmek.admin.forms import ModelForm
from izmek.admin.inlines import ReadOnlyInline, StackedInline, TabularInline
from izmek.admin.scope import RowsInput, choosable, visible
