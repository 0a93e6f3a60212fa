"""What follows in exhibitions from rows of the apps below, which know nothing of works; which tables the
public pages are made of; and that a photo's files go with its row."""

from django.apps import apps
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from simple_history.models import HistoricalChanges

from courses import models as courses
from exhibitions.models import (
    Enquiry,
    Exhibition,
    Maker,
    NamedText,
    Photo,
    PhotoPerson,
    Sale,
    VisitorNote,
)
from exhibitions.services import delete_folder
from exhibitions.tasks import look_for_names_left
from izmek.acts.after_commit import after_commit
from izmek.public.areas import ends_at, watch
from izmek.public.enums import Area
from trainees import models as trainees
from trainees.enums import Purpose

NAMES = ("first_name", "last_name")

# Enquiries and findings stand on no page, a sale shows in the state of its work; a line of the visitor book
# is watched by itself.
apart = (HistoricalChanges, Enquiry, NamedText, Sale, VisitorNote)
watch(
    [row for row in apps.get_app_config("exhibitions").get_models() if not issubclass(row, apart)],
    Area.SHOWN,
)
# A line of the visitor book shows once it was read.
watch([VisitorNote], Area.SHOWN, columns=("state", "name", "text"))
watch(
    [courses.Neighbourhood, courses.CourseCentre, courses.EducationYear, courses.Programme],
    Area.SHOWN,
)
watch([courses.Course], Area.SHOWN, columns=("programme",))
# Of people, pages show a name; how it is shown depends on the age. A corrected phone empties no page.
watch([courses.Teacher], Area.SHOWN, columns=NAMES)
watch([trainees.Trainee], Area.SHOWN, columns=(*NAMES, "birth_date", "restricted_at"))
ends_at(Area.SHOWN)(lambda now: Exhibition.objects.next_publication(now))


def may_be_shown(consent):
    """Whether an answer may change a page, as most of those given when somebody enrols do not.

    It does not for what no page asks, nor as the first answer of somebody who stands on no work and no
    photo: those get a row of their own later, which counts. Who answers is locked, so an earlier answer is
    seen; a withdrawal always counts.
    """
    if consent.purpose not in (Purpose.NAME_WEB, Purpose.PHOTO):
        return False
    if consent.trainee_id is None:
        return True
    earlier = trainees.Consent.objects.filter(
        trainee=consent.trainee_id, purpose=consent.purpose, pk__lt=consent.pk
    )
    return (
        earlier.exists()
        or Maker.objects.filter(trainee=consent.trainee_id).exists()
        or PhotoPerson.objects.filter(trainee=consent.trainee_id).exists()
    )


watch([trainees.Consent], Area.SHOWN, when=may_be_shown)


@receiver(post_save, sender=trainees.Consent, dispatch_uid="exhibitions.tell_of_names_left")
def names_may_be_left(instance, **kwargs):
    """The task is a row of the same transaction, so that it is not lost, and its locks do not wait.

    A yes changes only what was found; of the many who enrol nobody's texts are looked through.
    """
    who = instance.trainee or instance.teacher  # neither, as long as it came with an application
    if instance.purpose != Purpose.NAME_WEB or who is None:
        return
    if not instance.answer or NamedText.objects.of(who).exists():
        look_for_names_left.enqueue(instance.pk)


@receiver(post_delete, sender=Photo, dispatch_uid="exhibitions.delete_files_of_photo")
def delete_files_of_photo(instance, **kwargs):
    """A photo goes by itself or with its work, exhibition or centre; its files go after the commit.

    What a crash or a failing storage leaves there is found by `doctor`.
    """
    folder = instance.folder
    after_commit(delete_folder, folder)
