"""Everything about a person as one ZIP with a password: for machines (JSON), for people (PDF), and photos.

The password is made when the file is ordered, shown once, and stands encrypted in the order until the file
is made; it is told to the person by another way than the file. AES of pyzipper, which 7-Zip, WinZip and
the archivers of macOS and Windows 11 read.
"""

import json
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.models import Teacher
from izmek.acts import jobs
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal, given_reason
from izmek.models import Job
from izmek.papers.typst import Contents, breakable, pdf
from izmek.secrets.encryption import decrypt, encrypt
from izmek.text.codes import new_code
from trainees import rights
from trainees.models import Application, Guardian, Trainee
from trainees.services.contacts import name_of
from trainees.services.handing_over import everything_about, files_about
from trainees.services.people import acted_on_person

KIND = "hand_over"
TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "handed-over.typ"
PASSWORD_SIGNS = 20  # of 19: 85 bits
# The pages of people, by what stands for them; apps above add theirs.
PAGES = {
    Trainee: "admin:trainees_trainee_personal_data",
    Teacher: "admin:courses_teacher_change",
    Application: "admin:trainees_application_change",
    Guardian: "admin:trainees_trainee_change",  # of the ward
}


def page_of(person):
    """The address of the page on which something is done about somebody's data."""
    key = person.trainee_id if isinstance(person, Guardian) else person.pk
    return reverse(PAGES[type(person)], args=[key])


@transaction.atomic
def hand_over(*, person, reason, by):
    """Order the file of everything about a person; returns (Job, password). The password is stored nowhere
    in clear, and cannot be had again."""
    rights.require(by, "hand_over", person)
    reason = given_reason(reason)
    password = new_code(PASSWORD_SIGNS)
    options = {"reason": reason, "password": encrypt(password)}
    for old in Job.objects.visible_to(by).filter(kind=KIND, object_id=str(person.pk)):
        if not old.is_open:
            jobs.forget(old)  # nobody knows its password any more
    job = jobs.order(kind=KIND, about=person, by=by, options=options)
    acted_on_person.send(
        sender=type(person), person=person, what=_("A file with everything was made."), by=by
    )
    return job, password


class HandOverJob(jobs.OfAMoment):
    """The ZIP; options: {"reason": …, "password": encrypted, "" once the file is made}."""

    ready = jobs.gettext_lazy(
        "It is ready, and kept for a day. Tell the password by another way than the file: in person or by "
        "telephone."
    )

    def file_type(self, job):
        return "application/zip"

    def title(self, job):
        return _("Everything about %(person)s") % {"person": name_of(job.object)}

    def file_name(self, job):
        return f"kisisel-veriler-{job.object_id}-{timezone.localdate():%Y-%m-%d}.zip"

    def ordered_on(self, job):
        return page_of(job.object)

    def check(self, job):
        if job.object is None:
            raise Refusal(_("This person is not on record any more."), code="gone")
        rights.require(job.by, "hand_over", job.object)

    def make(self, job, out, report):
        if not job.options["password"]:
            raise Refusal(_("The password is known to nobody any more: order the file anew."))
        with translation.override("tr"):
            write_zip(job.object, decrypt(job.options["password"]), out)
        reason = job.options["reason"]
        Job.objects.filter(pk=job.pk).update(options={"reason": reason, "password": ""})
        return jobs.MadeFile(self.fingerprint(job), fields=_("everything"), reason=reason)

    def note(self, job):
        log_access(Access.HANDED_OVER, job.object, by=job.by, **job.words)


def write_zip(person, password, out):
    """Write the ZIP to an open file; in Turkish, whatever language the clerk reads."""
    import pyzipper  # it parses C as it is read: a twentieth of each start of the site and its commands

    tables = everything_about(person)
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as file:
        file.setpassword(password.encode())
        file.writestr("kisisel-veriler.json", as_json(person, tables))
        file.writestr("kisisel-veriler.pdf", pdf(as_paper(person, tables)))
        for name, data in files_about(person):
            file.writestr(name, data)


def as_json(person, tables):
    """Everything for machines, as UTF-8: tables in order, columns by their names in the database."""
    told = {
        "kişi": name_of(person),
        "tarih": timezone.localdate().isoformat(),
        "tablolar": [
            {
                "tablo": table.name,
                "adı": table.label,
                "amaçlar": table.purposes,
                "saklama": table.kept,
                "kayıtlar": [
                    {
                        "değerler": {one.name: one.value for one in row.values},
                        "okunur": {one.label: one.words for one in row.values},
                        "önceki": [
                            {
                                "değiştirildi": timezone.localtime(when).isoformat(),
                                "değerler": {one.name: one.value for one in values},
                            }
                            for when, values in row.former
                        ],
                    }
                    for row in table.rows
                ],
            }
            for table in tables
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()


def as_paper(person, tables):
    """The Contents of the same as a paper for people."""
    title = _("Everything about %(person)s") % {"person": name_of(person)}
    return Contents(
        template=TEMPLATE,
        title=title,
        data={
            "title": breakable(name_of(person)),
            "heading": _("Your personal data"),
            "intro": _(
                "This is everything that İzmit Belediyesi has on record about you for the courses of "
                "İZMEK, as law 6698 (KVKK) gives you the right to know. You may ask to have it corrected, "
                "stored only, or erased."
            ),
            "purpose": _("For what"),
            "kept": _("Kept for"),
            "before": _("Before"),
            "tables": [
                {
                    "label": table.label,
                    "purposes": "; ".join(table.purposes),
                    "kept": "; ".join(table.kept),
                    "rows": [
                        {
                            "values": [
                                {"label": one.label, "words": _printed(one.words)}
                                for one in row.values
                            ],
                            "former": [
                                {
                                    "when": f"{timezone.localtime(when):%d.%m.%Y %H:%M}",
                                    "words": _printed(
                                        "; ".join(
                                            f"{one.label}: {one.words or '–'}" for one in values
                                        )
                                    ),
                                }
                                for when, values in row.former
                            ],
                        }
                        for row in table.rows
                    ],
                }
                for table in tables
            ],
        },
    )


def _printed(words):
    return breakable(" ".join(words.split()))
