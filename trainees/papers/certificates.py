"""Certificates on paper: each as a sheet to frame, and the lists with which they are handed over.

All of it says what was frozen when a certificate was issued. Papers of up to AT_ONCE certificates are made
for the request that asks; of more they are a job.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Course, CourseCentre, EducationYear
from izmek.acts import jobs
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal
from izmek.papers import typst as papers
from izmek.papers.kinds import PaperKind, by_slug
from izmek.papers.parts import write_pdf
from izmek.papers.typst import breakable
from izmek.text.case import upper
from izmek.text.dates import date_range
from trainees import certificate_text
from trainees.models import Certificate
from trainees.rights import RIGHTS
from trainees.services import unnamed_signatories
from trainees.wording import course_of

KIND = "certificates"
TEMPLATES = Path(__file__).resolve().parent.parent / "typst"
AT_ONCE = 48  # certificates
MOST_LINES = 500  # of a list of them that somebody has ticked
PART = 48  # certificates that are compiled together
QR_MASK = 3  # any of the eight is allowed; to look for the best one takes ten times as long


@dataclass(frozen=True)
class Selection:
    """Which certificates are printed together: those of a year, a centre, a course (keys or None).

    `waiting`: only those that nobody has collected.
    """

    year: int | None = None
    centre: int | None = None
    course: int | None = None
    waiting: bool = False

    def certificates(self, user):
        """The printable ones among them that the user may print, in calling order."""
        return self._chosen(user, Certificate.objects.printable()).in_calling_order()

    def left_out(self, user):
        """How many are not printed because the person was erased."""
        return self._chosen(user, Certificate.objects.nameless()).count()

    def _chosen(self, user, rows):
        rows = RIGHTS.rows(user, "print_certificates", rows)
        return rows.chosen(
            year=self.year, centre=self.centre, course=self.course, waiting=self.waiting
        )

    def as_query(self):
        """The query string of an address that asks for it."""
        asked = {"year": self.year, "centre": self.centre, "course": self.course}
        asked |= {"waiting": 1 if self.waiting else None}
        return urlencode({name: value for name, value in asked.items() if value})

    def in_words(self):
        """What was chosen, as "2025-2026, Akmeşe"."""
        asked = ((Course, self.course), (CourseCentre, self.centre), (EducationYear, self.year))
        found = [model.objects.filter(pk=key).first() for model, key in asked if key]
        return ", ".join(str(row) for row in found if row)


def left_out_words(count):
    """The sentence about certificates that are left out of a paper; "" of none."""
    if not count:
        return ""
    return ngettext(
        "%(count)d certificate is left out: the person was erased.",
        "%(count)d certificates are left out: the people were erased.",
        count,
    ) % {"count": count}


# --- The sheet to frame -----------------------------------------------------------------------


def certificate_sheets(certificates, *, offset=None):
    """The Contents of certificates, one on each sheet of A4.

    `offset`: (mm to the right, mm down) on pre-printed paper; then ornaments and fixed words are left out.
    """
    pictures = {}
    rows = [_sheet(one, pictures) for one in certificates]
    right, down = offset or (0, 0)
    data = {
        "bare": offset is not None,
        "right": float(right),
        "down": float(down),
        "words": _words(),
    }
    return papers.Contents(
        template=TEMPLATES / "certificate.typ",
        title=_title(certificates),
        data=data,
        rows=rows,
        pictures=pictures,
        part=PART,
        sheets=True,
    )


def _title(certificates):
    with translation.override("tr"):
        name = _("Certificate of participation")
    return f"{name} {certificates[0].number}" if len(certificates) == 1 else name


def _words():
    with translation.override("tr"):
        return {
            "heading": upper(_("Certificate of participation")),
            "house": _("Vocational courses of the Municipality of İzmit"),
            "number": _("No."),
            "issued": _("Issued on"),
            "code": _("Code"),
            "qr": _("QR code: proves certificate"),
            "sentence": _(
                "has completed this programme and earned this certificate of participation."
            ),
            "not_meb": _(
                "This is the municipality’s certificate of participation. It is not the course completion "
                "certificate approved by the Ministry of National Education (MEB)."
            ),
            "address": _check_page(),
        }


def _check_page():
    """Where the code is typed, as people write an address; asked in Turkish."""
    address = settings.SITE_URL + reverse("certificates")
    return address.partition("://")[2].rstrip("/")


def _sheet(certificate, pictures):
    content = certificate.content
    file = f"qr/{certificate.number}.svg"
    pictures[file] = partial(papers.qr, certificate_text.address(certificate), QR_MASK)
    with translation.override("tr"):
        begin, end = date.fromisoformat(content["begin"]), date.fromisoformat(content["end"])
        hours = ngettext("%(count)d lesson hour", "%(count)d lesson hours", content["hours"])
        return {
            "number": certificate.number,
            "code": certificate.code,
            "name": breakable(content["name"]),
            "programme": breakable(content["programme"]),
            "facts": [
                date_range(begin, end),
                hours % {"count": content["hours"]},
                breakable(content["centre"]),
            ],
            "field": breakable(content["field"]),
            "issued": date_range(date.fromisoformat(content["issued"])),
            "qr": {"file": file},
            "signatories": certificate.signatories or unnamed_signatories(),
        }


# --- Lists for handing over -------------------------------------------------------------------


def _list(heading, columns, widths, note, room=1.9):
    """A maker of Contents: certificates with a seat number each, under their course.

    `widths`: of the columns, the first three filled in. `room`: mm above and below each line.
    """

    def contents(certificates, in_words=""):
        rows = []
        with translation.override("tr"):
            for place, one in enumerate(certificates, 1):
                content = one.content
                rows.append(
                    {
                        "number": one.number,
                        "seat": place,
                        "name": breakable(content["name"]),
                        "course": breakable(f"{content['centre']} – {course_of(one)}"),
                        "group": str(one.enrolment.course_id),
                    }
                )
            data = {
                "in_words": breakable(in_words),
                "count": ngettext("%(count)d certificate", "%(count)d certificates", len(rows))
                % {"count": len(rows)},
                "words": {
                    "heading": str(heading),
                    "columns": [str(one) for one in columns],
                    "note": str(note),
                },
                "widths": widths,
                "room": room,
            }
            title = ", ".join(filter(None, [str(heading), in_words]))
        return papers.Contents(
            template=TEMPLATES / "certificate-list.typ", title=title, data=data, rows=rows
        )

    return contents


PAPERS = by_slug(
    PaperKind(
        "belgeler",
        gettext_lazy("Certificates"),
        gettext_lazy("One on each sheet of A4 landscape, in calling order."),
    ),
    PaperKind(
        "hazir-kagit",
        gettext_lazy("Certificates on pre-printed paper"),
        gettext_lazy("The variable texts alone, moved as your printer needs it."),
    ),
    PaperKind(
        "imza-listesi",
        gettext_lazy("Sheet of signatures"),
        gettext_lazy("To sign when the certificates are handed over."),
    ),
    PaperKind(
        "cagri-listesi",
        gettext_lazy("Calling list of the ceremony"),
        gettext_lazy("Who is called when and sits where, by centre, course and name."),
    ),
)
LISTS = {
    "imza-listesi": _list(
        gettext_lazy("Certificates handed over"),
        (
            gettext_lazy("No."),
            gettext_lazy("First and last name"),
            gettext_lazy("Certificate"),
            gettext_lazy("Date"),
            gettext_lazy("Signature"),
        ),
        ("11mm", "1fr", "31mm", "24mm", "44mm"),
        gettext_lazy("I have received my certificate of participation."),
        room=3.2,  # people sign there
    ),
    "cagri-listesi": _list(
        gettext_lazy("Calling list of the ceremony"),
        (
            gettext_lazy("Seat"),
            gettext_lazy("First and last name"),
            gettext_lazy("Certificate"),
            gettext_lazy("Given"),
        ),
        ("16mm", "1fr", "36mm", "16mm"),
        gettext_lazy("In the order in which people are called."),
    ),
}


def contents_of(slug, certificates, *, in_words="", offset=(0, 0)):
    """What one of PAPERS prints of these certificates (with their courses) at this moment."""
    if slug in LISTS:
        return LISTS[slug](certificates, in_words)
    return certificate_sheets(certificates, offset=offset if slug == "hazir-kagit" else None)


def printed(slug, certificates, *, about, by, **options):
    """The PDF of one of PAPERS, for whoever prints it now; it stands in the access log at the row `about`.

    `options`: as for `contents_of`. Raises a Refusal with the code "changed" if one of the certificates was
    revoked or replaced while it was made, "erased" if it is of somebody who was erased.
    """
    keys = {one.pk for one in certificates}
    if Certificate.objects.nameless().filter(pk__in=keys).exists():
        raise Refusal(
            _("The person was erased: the certificate has no name any more and is not printed."),
            code="erased",
        )
    pdf = papers.pdf(contents_of(slug, certificates, **options))
    if Certificate.objects.printable().filter(pk__in=keys).count() < len(keys):
        raise Refusal(
            _("A certificate was revoked or replaced while the paper was made: print it again."),
            code="changed",
        )
    log_access(Access.EXPORTED, about, by=by, **_export_words(slug, len(certificates)))
    return pdf


def _export_words(slug, count):
    return {"fields": "names", "reason": f"{slug}.pdf: {count}"}


# --- As a job ---------------------------------------------------------------------------------


class CertificateJob(jobs.Kind):
    """Papers of many certificates. The job is about the year; its options are the rest of the Selection."""

    def title(self, job):
        return f"{PAPERS[job.options['paper']].name} – {self._selection(job).in_words()}"

    def file_name(self, job):
        return f"{job.options['paper']}.pdf"

    def ordered_on(self, job):
        page = reverse("admin:trainees_certificate_papers")
        return f"{page}?{self._selection(job).as_query()}"

    def check(self, job):
        if job.object is None:
            raise Refusal(_("The education year was deleted."), code="gone")
        RIGHTS.require(job.by, "print_certificates")
        if not self._selection(job).certificates(job.by).exists():
            raise Refusal(_("There is no valid certificate to print."), code="empty")

    def make(self, job, out, report):
        certificates = self._certificates(job)
        contents = self._contents(job, certificates)
        write_pdf(contents, out, report)
        words = _export_words(job.options["paper"], len(certificates))
        return jobs.MadeFile(contents.fingerprint, **words)

    def fingerprint(self, job):
        return self._contents(job, self._certificates(job)).fingerprint

    def _selection(self, job):
        asked = {name: job.options[name] for name in ("centre", "course", "waiting")}
        return Selection(year=job.object.pk, **asked)

    def _certificates(self, job):
        return list(self._selection(job).certificates(job.by).select_related("enrolment__course"))

    def _contents(self, job, certificates):
        return contents_of(
            job.options["paper"],
            certificates,
            in_words=self._selection(job).in_words(),
            offset=job.options["offset"],
        )
