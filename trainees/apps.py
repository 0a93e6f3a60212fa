from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TraineesConfig(AppConfig):
    name = "trainees"
    verbose_name = _("Trainees")

    def ready(self):
        from courses.papers.week import teachers_named_by
        from izmek.accounts.roles import grant
        from izmek.acts import imports, jobs, letters
        from izmek.secrets import rotation
        from trainees import personal_data, signals  # noqa: F401  (declare and connect themselves)
        from trainees.enums import LETTERS, Purpose
        from trainees.models import Identity, OutsideRow
        from trainees.papers import certificates, handed_over
        from trainees.papers.many import KIND, CoursePapersJob
        from trainees.permissions import PERMISSIONS
        from trainees.queries.consents import consenting_teachers
        from trainees.services import (  # noqa: F401  (connect and register themselves)
            expiry,
            on_course_events,
        )
        from trainees.services.calls import call_after_message
        from trainees.services.confirmation import confirmation_link, place_told_again
        from trainees.services.letters import why_not_sent
        from trainees.services.waiting_list import offer_told_again
        from trainees.sheets import ApplicationList, MarkList, OutsideListKind, TraineeList

        grant(PERMISSIONS)
        rotation.register(
            rotation.Hashed(Identity, "hash", reads=("kind", "number", "country")),
            rotation.Hashed(OutsideRow, "hash", reads=("number",)),
        )
        teachers_named_by(lambda: consenting_teachers(Purpose.NAME_WEB))
        imports.register(TraineeList(), ApplicationList(), MarkList(), OutsideListKind())
        jobs.register(**{certificates.KIND: certificates.CertificateJob()})
        jobs.register(**{KIND: CoursePapersJob()})
        jobs.register(**{handed_over.KIND: handed_over.HandOverJob()})
        letters.register(
            LETTERS,
            links={"confirmation": confirmation_link},
            failed=call_after_message,
            unwanted=why_not_sent,
            again={"application": place_told_again, "offer": offer_told_again},
            give_way={"news"},
            by_day={"offer", "news"},
        )
