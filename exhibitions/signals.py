"""What follows in exhibitions from rows of the apps below, which know nothing of works; which tables the
public pages are made of; and that a photo's files go with its row."""

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from simple_history.models import HistoricalChanges

from courses import models as courses
from exhibitions.models import Enquiry, Exhibition, Photo
from exhibitions.services import delete_folder
from exhibitions.tasks import look_for_names_left
from izmek.public.cache import ends_at, watch
from trainees import models as trainees
from trainees.enums import Purpose

NAMES = ("first_name", "last_name")

unseen = (HistoricalChanges, Enquiry)  # enquiries stand on no page
watch(
    *(
        row
        for row in apps.get_app_config("exhibitions").get_models()
        if not issubclass(row, unseen)
    ),
    courses.Neighbourhood,
    courses.CourseCentre,
    courses.EducationYear,
    courses.Programme,
    courses.Course,
    courses.TeacherChange,
    trainees.Consent,
    trainees.NoticeText,
)
# Of people, pages show a name; how it is shown depends on the age. A corrected phone empties no page.
watch(courses.Teacher, columns=NAMES)
watch(trainees.Trainee, columns=(*NAMES, "birth_date"))
ends_at(Exhibition.objects.next_publication)


@receiver(post_save, sender=trainees.Consent, dispatch_uid="exhibitions.tell_of_names_left")
def names_may_be_left(instance, **kwargs):
    """The task is a row of the same transaction, so that it is not lost, and its locks do not wait."""
    if not instance.answer and instance.purpose == Purpose.NAME_WEB:
        look_for_names_left.enqueue(instance.pk)


@receiver(post_delete, sender=Photo, dispatch_uid="exhibitions.delete_files_of_photo")
def delete_files_of_photo(instance, **kwargs):
    """A photo goes by itself or with its work, exhibition or centre; its files go after the commit.

    What a crash or a failing storage leaves there is found by `doctor`.
    """
    folder = instance.folder
    transaction.on_commit(lambda: delete_folder(folder), robust=True)
