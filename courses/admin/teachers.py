"""Teachers."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.models import Teacher
from izmek.modeladmin import ModelAdmin, RelatedFilter
from izmek.phones import show
from izmek.turkish import tr_order


@admin.register(Teacher)
class TeacherAdmin(ModelAdmin):
    list_display = ("name", "kind", "phone_shown", "where", "teaches", "signs_in")
    list_filter = ("kind", ("centres", RelatedFilter))
    search_fields = ("folded", "programmes__folded")
    ordering = (tr_order("last_name"), tr_order("first_name"))
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), "kind")}),
        (_("Contact"), {"fields": (("phone", "email"),)}),
        (_("Teaches"), {"fields": ("programmes", "centres")}),
        (_("Sign-in"), {"fields": ("user",)}),
    )
    copied = ("kind", "programmes", "centres")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("programmes", "centres")

    def choice_label(self, teacher):
        return f"{teacher} · {teacher.get_kind_display()}"

    @admin.display(description=_("name"), ordering=tr_order("last_name"))
    def name(self, teacher):
        return str(teacher)

    @admin.display(description=_("phone"))
    def phone_shown(self, teacher):
        return show(teacher.phone)

    @admin.display(description=_("course centres"))
    def where(self, teacher):
        return ", ".join(str(centre) for centre in teacher.centres.all())

    @admin.display(description=_("programmes"))
    def teaches(self, teacher):
        return ", ".join(str(programme) for programme in teacher.programmes.all())

    @admin.display(description=_("signs in"), boolean=True)
    def signs_in(self, teacher):
        return teacher.user_id is not None
