from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self):
        self.watch_what_pages_are_made_of()
        self.hear_of_withdrawn_names()

    def hear_of_withdrawn_names(self):
        """The app below records a consent and knows nothing of works."""
        from django.db.models.signals import post_save

        from exhibitions.services import tell_of_names_left
        from trainees.models import Consent

        post_save.connect(
            lambda instance, **kwargs: tell_of_names_left(instance),
            sender=Consent,
            weak=False,
            dispatch_uid="exhibitions.services.tell_of_names_left",
        )

    def watch_what_pages_are_made_of(self):
        """Say which tables the public pages of exhibitions and works are made of."""
        from simple_history.models import HistoricalChanges

        from courses import models as courses
        from exhibitions.models import Enquiry, Exhibition
        from izmek.public.cache import ends_at, watch
        from trainees import models as trainees

        unseen = (HistoricalChanges, Enquiry)  # what visitors ask stands on no page
        watch(*(row for row in self.get_models() if not issubclass(row, unseen)))
        watch(
            courses.Neighbourhood,
            courses.CourseCentre,
            courses.EducationYear,
            courses.Programme,
            courses.Teacher,
            courses.Course,
            courses.TeacherChange,
            trainees.Trainee,
            trainees.Guardian,
            trainees.Consent,
            trainees.NoticeText,
        )
        ends_at(Exhibition.objects.next_publication)
