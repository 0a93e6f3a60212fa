"""Teachers."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses import rights
from courses.admin.week import TeacherWeek, week_of
from courses.models import Teacher
from courses.rights import RIGHTS
from courses.services import invite_teacher, merge_teachers
from courses.services.teachers import note_account
from courses.sheets.teachers import COLUMNS
from izmek.admin import ModelAdmin, RelatedFilter, object_action, object_link
from izmek.admin.merging import PlainMerges, merge_link
from izmek.text.order import tr_order
from izmek.text.phones import show


@admin.register(Teacher)
class TeacherAdmin(PlainMerges, TeacherWeek, ModelAdmin):
    import_kind = "teachers"
    list_display = ("name", "kind", "phone_shown", "where", "teaches", "signs_in")
    exported = (*(one for one in COLUMNS if one.writes), "signs_in")
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
    object_actions = ("invite", "week", "merge_with")
    merge_rights, merge_act = rights, "merge_teachers"
    merge_with = merge_link(RIGHTS.asks("merge_teachers"))
    merge_service = merge_teachers
    merge_values = ("first_name", "last_name", "kind", "phone", "email")
    week = object_link(_("Week of the teacher"), week_of, permission="courses.view_session")

    def with_shown(self, request, rows):
        return rows.prefetch_related("programmes", "centres")

    def save_row(self, request, teacher):
        saved = Teacher.objects.select_related("user").filter(pk=teacher.pk).first()
        super().save_row(request, teacher)
        note_account(teacher=teacher, before=saved and saved.user, by=request.user)

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

    @object_action(
        _("Invite to sign in"),
        may=RIGHTS.asks("invite_teacher"),
        when=lambda teacher: not (teacher.user and teacher.user.has_usable_password()),
        text=_(
            "A letter goes to the teacher’s e-mail address, with a link for choosing a password."
        ),
    )
    def invite(self, request, teacher, data):
        user = invite_teacher(teacher=teacher, by=request.user)
        if user.has_usable_password():
            return _("The account is linked; the sign-in stays as it was: %(name)s") % {
                "name": user.username
            }
        return _("The invitation is on its way: %(address)s") % {"address": user.email}
