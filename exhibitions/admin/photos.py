"""Photos: rows in the forms of works, exhibitions and centres, and their own list."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import OuterRef, Subquery
from django.forms.models import BaseInlineFormSet
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exhibitions import services
from exhibitions.enums import PeopleOn
from exhibitions.models import Photo
from exhibitions.rights import RIGHTS
from izmek.accounts.roles import who_writes
from izmek.admin import (
    ActionForm,
    ModelAdmin,
    ModelForm,
    RowsInput,
    StackedInline,
    choosable,
    object_link,
)
from izmek.admin.desk import TAB
from izmek.admin.scope import know_chosen
from izmek.media import uploads
from izmek.media.photos import clean_photo
from trainees.models import Trainee

MOST_AT_ONCE = 20  # each takes about a second, in one request


def thumbnail(key):
    """A small image of the photo with this key; its alternative text is beside it."""
    if key is None:
        return ""
    return format_html(
        '<img class="thumb" src="{}" alt="" width="72" height="72" loading="lazy">',
        reverse("photo", args=[key.hex, "240.webp"]),
    )


def first_photo(work="pk"):
    """An expression: the key of the first photo of the work at a lookup path."""
    photos = Photo.objects.filter(work=OuterRef(work)).order_by("order", "created_at", "pk")
    return Subquery(photos.values("pk")[:1])


class PhotoForm(ModelForm):
    """A photo with its description; a new row also has the file.

    `of`: "work", "exhibition" or "centre", for a new row. For photos of works, "who can be
    recognised" has a default; for photos of a hall or a building the user must choose.
    """

    upload = uploads.UploadField(
        label=_("file"),
        required=False,
        help_text=_("JPG, PNG, WebP or HEIC, straight from the phone; up to 20 MB."),
        widget=uploads.UploadInput(attrs={"accept": "image/*,.heic,.heif"}),
    )
    recognised = forms.ModelMultipleChoiceField(
        label=_("trainees on the photo"),
        queryset=Trainee.objects.none(),
        required=False,
        widget=RowsInput(Photo._meta.get_field("trainees"), admin.site),
        help_text=_("The photo is public only while all of them consent to be recognised."),
    )
    request = None
    of = None
    picture = None  # the result of `clean_photo` for the upload

    class Meta:
        model = Photo
        fields = (
            "alt",
            "alt_en",
            "decorative",
            "caption",
            "caption_en",
            "credit",
            "focal_point",
            "people",
            "order",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        described = self.instance.alt or self.instance.decorative
        if self.of != "work" and not self.instance.work_id and not described:
            self.fields["people"].choices = [("", "---------"), *PeopleOn.choices]
            self.fields["people"].required = False
            self.initial["people"] = ""
        if self.is_new:
            self.fields["recognised"].queryset = choosable(
                Trainee, who_writes(self.request.user, Photo)
            )
        else:
            self.fields["upload"].widget = forms.HiddenInput()
            self.fields["upload"].disabled = True
            self.initial["recognised"] = list(self.instance.trainees.all())
            know_chosen(self.fields["recognised"], self.initial["recognised"])
            named = Trainee.objects.filter(photos=self.instance).values("pk")
            seen = choosable(Trainee, who_writes(self.request.user, Photo)).values("pk")
            self.fields["recognised"].queryset = Trainee.objects.filter(
                pk__in=seen
            ) | Trainee.objects.filter(pk__in=named)

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if not self.is_new:
            return None
        if upload is None:
            raise forms.ValidationError(_("Choose a photo."), code="required")
        self.picture = clean_photo(upload)
        return upload

    def clean(self):
        data = super().clean()
        people = data.get("people")
        if data.get("recognised") and people in (PeopleOn.NOBODY, ""):
            data["people"] = PeopleOn.TRAINEES
        elif people == "":
            data["people"] = PeopleOn.NOBODY
            if data.get("alt") or data.get("decorative"):
                self.add_error("people", _("Say who can be recognised on the photo."))
        return data

    def keep_upload(self):
        """Keep the file when the form is shown again: the browser does not send it twice."""
        upload = self.cleaned_data.get("upload") if hasattr(self, "cleaned_data") else None
        if self.picture is not None and upload is not None and not hasattr(upload, "token"):
            upload.token = uploads.keep(self.picture.image, upload.name)

    def columns(self):
        """The photo's own columns, as typed."""
        return {name: self.cleaned_data[name] for name in PhotoForm.Meta.fields}


class PhotoFormSet(BaseInlineFormSet):
    """Saves through the services, which write, crop and delete the files."""

    request = None

    def clean(self):
        super().clean()
        kept = [
            form
            for form in self.forms
            if (form.has_changed() or not form.is_new) and form not in self.deleted_forms
        ]
        grows = any(form.is_new for form in kept)
        if self.fk.name == "work" and grows and len(kept) > services.MOST_PHOTOS:
            raise forms.ValidationError(
                _("A work has at most %(most)d photos."), params={"most": services.MOST_PHOTOS}
            )

    def save_new(self, form, commit=True):
        photo = services.add_photo(
            clean=form.picture,
            by=self.request.user,
            **{self.fk.name: self.instance},
            **form.columns(),
        )
        photo.trainees.set(form.cleaned_data["recognised"])
        uploads.forget(form.cleaned_data["upload"])
        return photo

    def save_existing(self, form, obj, commit=True):
        obj.save()
        services.check_public_texts(obj)
        if "focal_point" in form.changed_data:
            services.set_focal_point(
                photo=obj, focal_point=form.cleaned_data["focal_point"], by=self.request.user
            )
        if "recognised" in form.changed_data:
            obj.trainees.set(form.cleaned_data["recognised"])
        return obj

    def delete_existing(self, obj, commit=True):
        services.delete_photo(photo=obj, by=self.request.user)


class PhotoInline(StackedInline):
    model = Photo
    restorable = False  # the files of a deleted photo are gone
    form = PhotoForm
    formset = PhotoFormSet
    ordering = ("order", "created_at", "pk")
    readonly_fields = ("picture",)
    fields = (
        "picture",
        "upload",
        ("alt", "decorative"),
        "alt_en",
        ("focal_point", "people", "order"),
        "recognised",
        ("caption", "caption_en", "credit"),
    )

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["fields"] = PhotoForm.Meta.fields
        formset = super().get_formset(request, obj, **kwargs)
        formset.request = formset.form.request = request
        formset.form.of = self.fk_name
        return formset

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("trainees")

    @admin.display(description=_("photo"))
    def picture(self, photo):
        return thumbnail(photo.pk) if photo and not photo._state.adding else ""


# --- Several at once --------------------------------------------------------------------------


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files.

    Each is checked when it is saved, so that a bad file does not block the others.
    """

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        files = [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(most)d at once, please; these are %(count)d."),
                params={"most": MOST_AT_ONCE, "count": len(files)},
                code="many",
            )
        return files


class ManyPhotosForm(ActionForm):
    photos = ManyFilesField(
        label=_("files"),
        allow_empty_file=True,  # refused by its name, like any other bad file
        help_text=_(
            "JPG, PNG, WebP or HEIC, straight from the phone; up to 20 at once, each up to 20 MB, "
            "together up to 150 MB. Each takes about a second."
        ),
        widget=ManyFilesInput(attrs={"accept": "image/*,.heic,.heif"}),
        error_messages={"required": _("Choose at least one photo.")},
    )


class ManyPhotosPage:
    """The part of a ModelAdmin that adds several photos to an object at once."""

    photos_of = ""  # the field of Photo that points to the object

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_photos"
        view = self.guarded(self.photos_view)
        return [path("<path:object_id>/photos/", view, name=name), *super().get_urls()]

    def photos_view(self, request, object_id):
        obj = self.object_to_act(request, self.add_photos, unquote(object_id))
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ManyPhotosForm(*sent, request=request, obj=obj)
        if form.is_bound and form.is_valid():
            self._take_in(request, obj, form.cleaned_data["photos"])
            return HttpResponseRedirect(f"{self.page_of(request, obj)}#photos-group")
        return self.render_action_page(
            request,
            form=form,
            title=_("Add several photos"),
            text=_("They are described afterwards, in the list of the object's photos."),
            obj=obj,
        )

    def _take_in(self, request, obj, uploads):
        photos, problems = services.add_photos(
            uploads=uploads, by=request.user, **{self.photos_of: obj}
        )
        if photos:
            sentence = ngettext(
                "%(count)d photo is added. Visitors see it once it is described.",
                "%(count)d photos are added. Visitors see them once they are described.",
                len(photos),
            )
            self.message_user(request, sentence % {"count": len(photos)}, messages.SUCCESS)
        for name, problem in problems:
            self.message_user(request, f"{name}: {' '.join(problem.messages)}", messages.ERROR)


def photos_address(obj):
    """The page that takes in several photos of an object; it leads back to where they are shown."""
    model = obj._meta.model_name
    back = f"?{TAB}=gallery" if model == "exhibition" else ""
    return reverse(f"admin:exhibitions_{model}_photos", args=[obj.pk]) + back


def add_photos_link(model):
    """The button to that page, for `object_actions`."""
    return object_link(
        _("Add several photos"),
        photos_address,
        may=RIGHTS.asks(f"add_photo_of_{model}"),
    )


class CentrePhotoInline(PhotoInline):
    fk_name = "centre"


class DescriptionFilter(admin.SimpleListFilter):
    title = _("description")
    parameter_name = "described"

    def lookups(self, request, model_admin):
        return [("no", _("missing"))]

    def queryset(self, request, queryset):
        return queryset.undescribed() if self.value() == "no" else queryset


@admin.register(Photo)
class PhotoAdmin(ModelAdmin):
    """All photos, to find those without a description. New ones are added on their object's page."""

    form = PhotoForm
    list_display = ("picture", "of", "alt", "decorative", "people", "created_at")
    list_display_links = ("of",)
    list_filter = (DescriptionFilter, "decorative", "people")
    list_select_related = ("work", "exhibition", "centre")
    search_fields = ("alt", "caption", "work__folded", "exhibition__folded", "centre__folded")
    search_through = ("work", "exhibition", "centre")
    ordering = ("-created_at", "-pk")
    readonly_fields = ("picture", "of")
    fields = (
        "picture",
        "of",
        ("alt", "decorative"),
        "alt_en",
        ("focal_point", "people", "order"),
        "recognised",
        ("caption", "caption_en", "credit"),
    )

    def has_add_permission(self, request):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["fields"] = PhotoForm.Meta.fields
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.save()
        if "focal_point" in form.changed_data:
            services.set_focal_point(photo=obj, focal_point=obj.focal_point, by=request.user)
        obj.trainees.set(form.cleaned_data["recognised"])

    def check_saved(self, request, obj):
        services.check_public_texts(obj)

    def delete_model(self, request, obj):
        services.delete_photo(photo=obj, by=request.user)

    @admin.display(description=_("photo"))
    def picture(self, photo):
        return thumbnail(photo.pk)

    @admin.display(description=_("of"))
    def of(self, photo):
        return photo.work or photo.exhibition or photo.centre
