"""Trainees and their guardians in the admin."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from courses.models import EducationYear
from izmek.acts.refusal import Refusal, show_refusal
from izmek.admin import (
    ModelAdmin,
    RelatedFilter,
    TabularInline,
    object_action,
    visible,
)
from izmek.admin.exported import Out
from izmek.admin.masking import is_masked
from izmek.admin.merging import Merges, merge_link
from izmek.text.order import tr_order
from trainees import rights, services
from trainees.admin.columns import name_columns, number_columns
from trainees.admin.consents import records_answers
from trainees.admin.counter_links import counter_button
from trainees.admin.forms import (
    AskConsentsForm,
    CorrectIdentityForm,
    FindForm,
    IdentityActForm,
    LookForm,
    NewTraineeForm,
    SupportForm,
)
from trainees.admin.header_search import last_course
from trainees.admin.person import PersonDesk
from trainees.admin.personal_data import (
    PERSONAL_DATA_ACTS,
    erase_act,
    hand_over_act,
    lift_restriction,
    restrict,
)
from trainees.admin.phones import FindsByPhone, phone_cell
from trainees.admin.reconciliation import LeadsBack
from trainees.forms.names import kind_of_number, read_names
from trainees.models import Enrolment, Guardian, LookAlike, Trainee, check_birth_date
from trainees.queries.people import adulthood
from trainees.rights import RIGHTS


class GuardianInline(TabularInline):
    model = Guardian

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        typed = request.POST.get("identity_kind")
        read_names(formset.form, kind_of_number(obj) if obj else typed)
        return formset


class AgeFilter(admin.SimpleListFilter):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request, model_admin):
        return [("minor", _("under 18")), ("adult", _("18 and over")), ("none", _("not known"))]

    def queryset(self, request, queryset):
        wanted = {
            "minor": Q(birth_date__gt=adulthood()),
            "adult": Q(birth_date__lte=adulthood()),
            "none": Q(birth_date=None),
        }
        return queryset.filter(wanted[self.value()]) if self.value() in wanted else queryset


class EnrolledFilter(admin.SimpleListFilter):
    """Trainees with a seat in a course of an education year, among the courses the user may see."""

    title = _("enrolled in")
    parameter_name = "enrolled"

    def lookups(self, request, model_admin):
        return [(str(year.pk), year.name) for year in EducationYear.objects.order_by("-begin")]

    def queryset(self, request, queryset):
        if self.value() not in {key for key, _name in self.lookup_choices}:
            return queryset
        seats = visible(Enrolment, request.user).holding_seat()
        seats = seats.filter(course__term__year=self.value())
        return queryset.filter(pk__in=seats.order_by().values("trainee"))


def courses_now(user):
    """An expression: how many courses a trainee attends now, among the seats the user sees."""
    now = visible(Enrolment, user).current().filter(trainee=OuterRef("pk"))
    count = now.order_by().values("trainee").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count), 0)


RECORD_NUMBER = Out("record", _("record number"), ("id",))
COURSES_NOW = Out("courses_now", _("courses now"), (courses_now,))


def may_enrol(user, trainee=None):
    """Whether the user has the button: the course is chosen in the form, the trainee is one of theirs."""
    return RIGHTS.may(user, "enrol") and (trainee is None or not is_masked(trainee))


@admin.register(Trainee)
class TraineeAdmin(LeadsBack, Merges, PersonDesk, FindsByPhone, ModelAdmin):
    import_kind = "trainees"
    help = "isimler-ve-rizalar"
    list_display = (
        "name",
        "birth_date",
        "neighbourhood",
        "phone_shown",
        "number_masked",
        "courses_now",
    )
    exported = (
        *name_columns(),
        "birth_date",
        "neighbourhood",
        "phone",
        COURSES_NOW,
        RECORD_NUMBER,
    )
    put_in_as = {"full_number": "number"}
    exported_more = ("gender", "email", "education", *number_columns(), "created_at")
    list_filter = (EnrolledFilter, AgeFilter, ("neighbourhood", RelatedFilter), "education")
    list_select_related = ("neighbourhood", "identity")
    search_fields = ("folded",)
    search_help_text = _(
        "By name or phone. An identity number never stands in an address: use “Find by identity number”."
    )
    ordering = (tr_order("last_name"), tr_order("first_name"), "pk")
    inlines = (GuardianInline,)
    object_actions = (
        "enrol",
        "take_application",
        "ask_consents",
        "record_consent",
        "record_identity",
        "correct_identity",
        "see_identity",
        "record_support",
        "see_support",
        "merge_with",
        *PERSONAL_DATA_ACTS,
    )
    merge_rights, merge_act = rights, "merge_trainees"
    merge_with = merge_link(RIGHTS.asks("correct_identity"))  # its page says who may merge
    record_consent = records_answers("give_consent")
    hand_over, erase = hand_over_act(menu=False), erase_act(menu=False)
    restrict, lift_restriction = restrict, lift_restriction
    readonly_fields = ("number_masked", "age_shown", "support_shown")
    copied = ()  # a copy of a person is one person twice
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), ("birth_date", "age_shown", "gender"))}),
        (_("Contact"), {"fields": (("phone", "email"), "neighbourhood")}),
        (_("Identity"), {"fields": ("number_masked",)}),
        (_("More"), {"fields": ("education", "support_shown")}),
        (_("On record"), {"fields": (("created_at", "anonymised_at"),), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("somebody_else", ("first_name", "last_name"), ("birth_date", "gender"))},
        ),
        (_("Contact"), {"fields": (("phone", "email"), "neighbourhood")}),
        (
            _("Identity"),
            {
                "fields": ("identity_kind", "identity_number", "identity_country"),
                "description": _("Stored encrypted, shown masked."),
            },
        ),
        (_("More"), {"fields": ("education",)}),
    )

    def get_urls(self):
        view = self.guarded(self.find_view)
        return [path("find/", view, name="trainees_trainee_find"), *super().get_urls()]

    def with_shown(self, request, rows):
        rows = super().with_shown(request, rows)
        return rows.annotate(courses_now=courses_now(request.user))

    # --- Choosing a trainee elsewhere ----------------------------------------------------------

    def with_labels(self, request, rows):
        """Adds neighbourhood and last course, to tell people with the same name apart.

        Those who see trainees read of the year of birth and of the courses that they see; a curator,
        who sees neither people nor seats, of the last course alone: it tells the makers apart.
        """
        sees = self.has_view_permission(request)
        last = last_course(request.user if sees else None)
        rows = rows.select_related("neighbourhood")
        return rows.annotate(last_course=last, tells_age=Value(sees))

    def choice_label(self, trainee):
        born = trainee.birth_date.year if trainee.tells_age and trainee.birth_date else ""
        parts = (str(trainee), born, trainee.neighbourhood, trainee.last_course)
        return " · ".join(str(part) for part in parts if part)

    # --- Forms --------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        return self.add_fieldsets if obj is None else self.fieldsets

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "birth_date":
            kwargs["validators"] = [check_birth_date]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewTraineeForm
        form = super().get_form(request, obj, change=change, **kwargs)
        read_names(form, obj and kind_of_number(obj))
        return form

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change and (identity := form.cleaned_data["identity"]):
            services.record_identity(trainee=obj, by=request.user, **identity)

    @admin.display(description=_("name"), ordering=tr_order("last_name"))
    def name(self, trainee):
        return str(trainee)

    @admin.display(description=_("phone"))
    def phone_shown(self, trainee):
        return phone_cell(trainee)

    @admin.display(description=_("identity number"))
    def number_masked(self, trainee):
        return trainee.masked_number

    @admin.display(description=_("courses now"), ordering="courses_now")
    def courses_now(self, trainee):
        return trainee.courses_now

    @admin.display(description=_("age"))
    def age_shown(self, trainee):
        return None if is_masked(trainee) else trainee.age()

    @admin.display(description=_("support needed"))
    def support_shown(self, trainee):
        return _("recorded; who needs to know looks it up") if trainee.needs_support else _("none")

    # --- Finding by number --------------------------------------------------------------------

    def list_tools(self, request):
        return [
            (_("Find by identity number"), self.url("find")),
            (_("Same person?"), reverse("admin:trainees_lookalike_changelist")),
            *super().list_tools(request),
        ]

    def number_refused(self, request):
        self.message_user(
            request,
            _("Type an identity number here: it must not stand in an address."),
            messages.WARNING,
        )
        return HttpResponseRedirect(self.url("find"))

    def find_view(self, request):
        """Find a trainee by identity number; by POST, to keep it out of URLs and logs."""
        if not self.has_view_permission(request) or request.user.is_anonymous:
            raise PermissionDenied
        form = FindForm(request.POST if request.method == "POST" else None, request=request)
        if request.method == "POST" and form.is_valid():
            try:
                found = services.find_by_identity(**form.cleaned_data["identity"], by=request.user)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                if found and self.seen(request).filter(pk=found.pk).exists():
                    return HttpResponseRedirect(self.url("change", found.pk))
                form.add_error(
                    "identity_number",
                    _("No trainee with this number among those that you see."),
                )
        return self.render_action_page(
            request,
            form=form,
            title=_("Find by identity number"),
            text="",
            submit=_("Find"),
            no_store=True,
        )

    # --- Acts ---------------------------------------------------------------------------------

    enrol = counter_button(_("New enrolment"), "enrolment", of="person", may=may_enrol)
    take_application = counter_button(
        _("New application"), "application", of="person", may=may_enrol
    )

    @object_action(
        _("Ask the consents"),
        form=AskConsentsForm,
        may=RIGHTS.asks("record_answers"),
        text=_("One by one; the course does not depend on them. What was not asked stays empty."),
    )
    def ask_consents(self, request, trainee, data):
        services.record_answers(trainee=trainee, by=request.user, **data)
        return _("The answers are recorded.")

    @object_action(
        _("Record the identity number"),
        may=RIGHTS.asks("record_identity"),
        form=IdentityActForm,
        when=lambda trainee: not hasattr(trainee, "identity"),
    )
    def record_identity(self, request, trainee, data):
        services.record_identity(trainee=trainee, by=request.user, **data["identity"])
        return _("The identity number is recorded.")

    @object_action(
        _("Correct the identity number"),
        may=RIGHTS.asks("correct_identity"),
        form=CorrectIdentityForm,
        when=lambda trainee: hasattr(trainee, "identity"),
        text=_(
            "The number on record is wrong: it is replaced. The reason is kept in the access log."
        ),
        confirmed=True,
    )
    def correct_identity(self, request, trainee, data):
        services.correct_identity(
            trainee=trainee, reason=data["reason"], by=request.user, **data["identity"]
        )
        return _("The identity number is corrected.")

    @object_action(
        _("See the full number"),
        may=RIGHTS.asks("see_identity"),
        form=LookForm,
        when=lambda trainee: hasattr(trainee, "identity"),
        text=_("The number is shown once, on the next page."),
        confirmed=True,
    )
    def see_identity(self, request, trainee, data):
        number = services.see_identity(trainee=trainee, by=request.user, **data)
        return self._shown_once(request, trainee, _("Identity number"), number)

    @object_action(_("Record a support need"), form=SupportForm, may=RIGHTS.asks("record_support"))
    def record_support(self, request, trainee, data):
        services.record_support(trainee=trainee, by=request.user, **data)
        return _("The support need is recorded.")

    @object_action(
        _("See the support need"),
        may=RIGHTS.asks("see_support"),
        form=LookForm,
        when=lambda trainee: trainee.needs_support,
        text=_("It is shown once, on the next page."),
        confirmed=True,
    )
    def see_support(self, request, trainee, data):
        need = services.see_support(trainee=trainee, by=request.user, **data)
        return self._shown_once(request, trainee, _("Support needed"), need)

    # --- One person twice ---------------------------------------------------------------------

    def merge_label(self, trainee):
        born = trainee.birth_date and not is_masked(trainee) and trainee.birth_date.year
        parts = (str(trainee), born, trainee.neighbourhood, trainee.masked_number)
        return " · ".join(str(part) for part in parts if part)

    def proposed_for(self, request, obj):
        pairs = LookAlike.objects.open().of(obj).order_by("-score")
        why = {
            pair.other_id if pair.one_id == obj.pk else pair.one_id: ", ".join(map(str, pair.why))
            for pair in pairs
        }
        rows = self.as_read(request, self.seen(request).filter(pk__in=why))
        return [(row, why[row.pk]) for row in rows]

    def preview_merge(self, first, second):
        return services.preview_trainees(first=first, second=second)

    def merge_rows(self, first, second, **chosen):
        return services.merge_trainees(first=first, second=second, **chosen)

    def _shown_once(self, request, trainee, title, secret):
        response = TemplateResponse(
            request,
            "admin/shown_once.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": str(trainee),
                "opts": self.opts,
                "original": trainee,
                "secret": secret,
                "back": self.url("change", trainee.pk),
            },
        )
        response["Cache-Control"] = "no-store"
        return response
