"""Every address of the site, with rows of a town in it: what walks over all pages begins here.

A page that is added is found by itself. What stands for `<…>` in its address must be known: `Place.key`.
"""

import re
from urllib.parse import quote

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver

from exhibitions.models import Enquiry, NamedText, VisitorNote
from exhibitions.previews import token_for
from izmek.accounts.roles import Role
from izmek.acts import imports
from izmek.models import AccessLog, Job, Letter, Override
from izmek.text.codes import new_code
from tests import factories as make
from tests.classroom import Classroom
from tests.trainees.certificates import make_certificate
from trainees.models import Absence, Application, Call, Mark, RollCall

STRANGER = None
ROLES = (STRANGER, Role.MANAGER, Role.OFFICER, Role.TEACHER, Role.CURATOR, Role.AUDITOR)
PASSED_BY = ("(?P<url>", "(?P<app_label>")  # what no other address is, and the old page of an app


def views(resolver=None, prefix=""):
    """(address, view) of every pattern of the URL configuration."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from views(pattern, address)


def addresses():
    """(address, view) of everything that can be opened; the acts of the admin one by one."""
    for address, view in views():
        if any(part in address for part in PASSED_BY):
            continue
        if "<slug:action>" in address:
            for act in view.model_admin.object_actions:
                yield address.replace("<slug:action>", act), view
        else:
            yield address, view


class Town:
    """Two centres with one of everything; a user of each role who has to do with the first.

    `places`: {"own": Place, "foreign": Place, "hidden": Place}; of the last nothing is public. The officer
    runs the own centre, the teacher teaches the own course; jobs and lists are those of who ordered them.
    """

    def __init__(self):
        self.users = {role: make.user(role, email=f"{role}@example.org") for role in Role}
        self.users[STRANGER] = None
        self.places = {
            "own": Place(make.teacher(user=self.users[Role.TEACHER], email="ogretmen@example.org")),
            "foreign": Place(make.teacher("Nur", "Kara", with_user=True)),
        }
        self.users[Role.OFFICER].offices.create(centre=self.places["own"].centre)
        self.places["hidden"] = Place(make.teacher("Gül", "Ak")).hide()

    def fill(self, address, view, role, whose, hostile=None):
        """The address with keys of rows, or with a hostile text wherever a text may stand."""
        public = not address.startswith(("yonetim/", "ogretmen/", "hesap/"))
        place = self.places["hidden" if public and whose == "foreign" else whose]
        user = self.users[role] if whose == "own" else None

        def key(match):
            converter, name = match[1], match[2]
            if hostile and converter in ("path", "str", "slug"):
                return quote(hostile.encode("utf-8", "surrogatepass"), safe="")
            return str(place.key(address[: match.start()], name, view, user))

        address = re.sub(r"\^?\(\?P<(\w+)>.+\)-\(\?P<(\w+)>.+\)/\$", "a-b/", address)
        return "/" + re.sub(r"<(\w+):(\w+)>", key, address)


class Place:
    """A centre with a running and an open course and what hangs on them."""

    def __init__(self, teacher):
        self.number = teacher.pk
        self.teacher = teacher
        self.centre = make.centre()
        classroom = Classroom(trainees=2, modules=1, teacher=teacher, centre=self.centre)
        self.course, self.session = classroom.course, classroom.session
        self.seat, other = classroom.seats
        self.open = make.course("open", centre=self.centre, teacher=teacher)
        self.course.slots.create(weekday=2, begin="09:00", end="12:00", lesson_hours=4)
        self.certificate = make_certificate(other)
        self.work = make.work(
            "Lale", makers=[self.seat.trainee], centre=self.centre, course=self.course
        )
        self.photo = make.photo(work=self.work, files=True)
        self.exhibition = make.exhibition(works=[self.work])
        self.exhibition.centres.add(self.centre)
        self.draft = make.exhibition("Taslak", state="draft", works=[])
        self.draft.centres.add(self.centre)
        self.application = Application.objects.create(
            course=self.open,
            first_name="Ayşe",
            last_name="Işık",
            phone="+905551234567",
            email="ayse@example.org",
            birth_year=1990,
            reference=new_code(),
        )
        self.enquiry = Enquiry.objects.create(
            work=self.work, name="Ayşe", email="a@example.com", message="Merhaba"
        )
        about = {
            "content_type": ContentType.objects.get_for_model(self.application),
            "object_id": str(self.application.pk),
        }
        self.about = about
        rows = [
            self.centre.neighbourhood,
            self.centre,
            make.room(self.centre),
            self.course.programme,
            self.course.programme.field,
            self.course.term,
            self.course.term.year,
            teacher,
            self.course,
            self.session,
            self.seat.trainee,
            make.consent(self.seat.trainee, "name web"),
            self.application,
            self.seat,
            Call.objects.create(
                course=self.course, enrolment=self.seat, kind="removed", what="Yer"
            ),
            RollCall.objects.create(session=self.session),
            Absence.objects.create(enrolment=self.seat, session=self.session, hours=1),
            Mark.objects.create(enrolment=self.seat, module=self.course.modules.first(), value=70),
            self.certificate,
            self.work.technique,
            self.work,
            self.work.showings.get(),
            self.exhibition,
            self.photo,
            NamedText.objects.create(work=self.work, trainee=self.seat.trainee, place="metin"),
            self.enquiry,
            VisitorNote.objects.create(exhibition=self.exhibition, text="Güzel"),
            AccessLog.objects.create(action="exported", by=None, **about),
            Letter.objects.create(kind="enrolled", to="ayse@example.org", subject="Kayıt", **about),
            Override.objects.create(act="full", reason="Yer açıldı", by=make.user(), **about),
        ]
        self.rows = {row._meta.label_lower: row for row in rows}
        self.jobs = {}

    def hide(self):
        """Take everything from the public pages that is on them."""
        for row, fields in (
            (self.centre, {"in_use": False}),
            (self.exhibition, {"state": "draft"}),
            (self.work, {"state": "returned"}),
            (self.open, {"state": "planned"}),
        ):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        return self

    def row(self, model):
        """A row of a table: one that hangs on the place or, where the place has none, any."""
        from tests.site.test_admin import ROWS

        label = model._meta.label_lower
        if label not in self.rows:
            ROWS[label](self.number % 60 + 10)
            self.rows[label] = model._base_manager.order_by("-pk").first()
        return self.rows[label]

    def job(self, model, user, **fields):
        """A job or a list of the user, or of somebody else."""
        key = model, user and user.pk
        if key not in self.jobs:
            by = user or make.user(Role.MANAGER)
            self.jobs[key] = model.objects.create(by=by, **fields)
        return self.jobs[key]

    def list_put_in(self, user):
        """A list of the user or, where they may put in none, of somebody else."""
        given = (
            user if user and user.has_role(Role.MANAGER, Role.OFFICER) else make.user(Role.MANAGER)
        )
        if given not in self.jobs:
            data = "Ad;Soyad;Telefon\nAyşe;Işık;0555 123 45 67\n".encode()
            self.jobs[given] = imports.take(
                kind="applications", data=data, name="liste.csv", by=given
            )
        return self.jobs[given]

    def key(self, before, name, view, user):
        """What stands for `<…:name>` in an address that begins with `before`."""
        folders = before.rstrip("/").split("/")
        folder, model_admin = folders[-1], getattr(view, "model_admin", None)
        if before.startswith("yonetim/jobs"):
            options = {"query": "", "columns": [], "form": "csv"}
            table = ContentType.objects.get_for_model(Application)
            about = {
                "content_type": ContentType.objects.get_for_model(table),
                "object_id": str(table.pk),
            }
            return self.job(Job, user, kind="list", options=options, **about).pk
        if before.startswith("yonetim/aktarma") and name == "pk":
            return self.list_put_in(user).pk
        if before.startswith("yonetim/statistics"):
            return self.course.term.year.pk
        if model_admin and (name in ("object_id", "pk")):
            return self.row(model_admin.model).pk
        if name == "other_id":
            return self.merged_with(model_admin.model).pk
        if name == "version":
            history = getattr(self.row(model_admin.model), "history", None)
            first = history and history.first()
            return first.history_id if first else 1
        if name == "code" and folder == "onay":
            return "x"
        if folder == "kayit":
            return self.seat.pk if name == "pk" else "x"
        by_folder = {
            "ders": self.session.pk,
            "kurs": self.course.pk,
            "kurslar": self.open.pk,
            "eser": self.work.pk,
            "onay": self.application.pk,
            "sergiler": self.exhibition.slug,
            "merkezler": self.centre.slug,
            "basvurum": self.application.reference,
            "yaziniz": self.enquiry.reference,
            "onizleme": token_for(self.draft),
            "davet": "x",
            "belge": self.certificate.code,
            "yardim": "1-baslarken",
            "ornek": "trainees",
            "gorsel": self.photo.id.hex,
        }
        by_name = {
            "photo": self.photo.pk,
            "number": self.work.number,
            "section": "works",
            "table": "guest",
            "form": "xlsx",
            "name": next(name for name in self.photo.files if name != "master.jpg"),
            "slug": self.slug(before),
            "content_type_id": self.about["content_type"].pk,
            "object_id": self.application.pk,
            "token": "x",
            "pk": 1,
        }
        return by_folder[folder] if folder in by_folder else by_name[name]

    def slug(self, before):
        """The last part of the address of a work, a course or a paper."""
        for beginning, slug in (
            ("eserler/", self.work.get_absolute_url().rstrip("/").rpartition("/")[2]),
            ("kurslar/", self.open.get_absolute_url().strip("/").partition("-")[2]),
            ("yonetim/exhibitions/exhibition/", "etiket-105x74"),
            ("yonetim/trainees/certificate/", "belgeler"),
        ):
            if before.startswith(beginning):
                return slug
        return "x"

    def merged_with(self, model):
        """Another row of the same table."""
        return {
            "trainees.trainee": lambda: self.certificate.enrolment.trainee,
            "courses.teacher": lambda: self.other("teacher", make.teacher),
            "courses.programme": lambda: self.other("programme", make.programme),
            "courses.neighbourhood": lambda: self.other(
                "neighbourhood", lambda: make.neighbourhood(f"Mahalle {self.number}")
            ),
            "exhibitions.technique": lambda: self.other(
                "technique", lambda: make.technique(f"Teknik {self.number}")
            ),
        }[model._meta.label_lower]()

    def other(self, name, made):
        self.others = getattr(self, "others", {})
        if name not in self.others:
            self.others[name] = made()
        return self.others[name]


def registered():
    """The tables of the admin."""
    return [model for model in apps.get_models() if admin.site.is_registered(model)]
