"""The list of trainees, with the courses they attend."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import Education
from courses.sheets.finding import Finder
from izmek.acts.enums import RowState
from izmek.acts.imports import ImportKind
from izmek.acts.refusal import Refusal
from izmek.sheets import cells
from izmek.sheets.columns import Column
from izmek.text import masks
from izmek.text.fold import fold
from izmek.text.phones import show
from trainees import rights
from trainees.enums import EnrolmentState, Gender
from trainees.models import Trainee, check_birth_date
from trainees.queries.people import adulthood
from trainees.services.admission_rules import OVERRIDABLE, broken_rules, not_over
from trainees.services.many_seats import SeatFacts, Wanted, enrol_many
from trainees.services.people import (
    change_many,
    fill_guardian,
    guardian_named,
    put_many_identities,
    register_many,
)
from trainees.services.seats import day_inside, hindrances
from trainees.sheets.who import find_people, read_person

EDUCATION = {
    "yok": Education.NONE,
    "okur yazar": Education.LITERATE,
    "okuryazar": Education.LITERATE,
    "ilkokul": Education.PRIMARY,
    "ilkokul mezunu": Education.PRIMARY,
    "ortaokul": Education.LOWER_SECONDARY,
    "ilköğretim": Education.LOWER_SECONDARY,
    "ortaokul mezunu": Education.LOWER_SECONDARY,
    "lise": Education.UPPER_SECONDARY,
    "ortaöğretim": Education.UPPER_SECONDARY,
    "lise mezunu": Education.UPPER_SECONDARY,
    "önlisans": Education.ASSOCIATE,
    "ön lisans": Education.ASSOCIATE,
    "yüksekokul": Education.ASSOCIATE,
    "lisans": Education.BACHELOR,
    "üniversite": Education.BACHELOR,
    "yüksek lisans": Education.POSTGRADUATE,
    "lisansüstü": Education.POSTGRADUATE,
    "doktora": Education.POSTGRADUATE,
}
GENDER = {"k": Gender.FEMALE, "kız": Gender.FEMALE, "bayan": Gender.FEMALE, "e": Gender.MALE,
          "bay": Gender.MALE, "f": Gender.FEMALE, "m": Gender.MALE}  # fmt: skip


def birth_day(value):
    found = cells.day(value)
    check_birth_date(found)
    return found


def permission(value):
    """The day of the guardian's permission; of a tick, today."""
    try:
        return timezone.localdate() if cells.flag(value) else None
    except cells.CellError:
        return cells.day(value)


def number_or_mask(value):
    """The digits of an identity number; what our own lists have masked stays so."""
    line = cells.digits(value)
    return "".join(line.split()) if not cells.is_masked(line) else line


def note_state(line):
    """Say of a ListLine that its state is another office's word, and tells us nothing."""
    said = line.raw.get("state")
    if line.get("state") is None and not cells.is_blank(said) and not cells.says_nothing(said):
        line.notes.append(
            _("The state “%(state)s” is none of ours: it is not looked at.")
            % {"state": cells.told(said)}
        )


def who_is_it(*also):
    """The columns that tell a person, in every list of people."""
    return [
        Column(
            "record",
            gettext_lazy("record number"),
            ("kayıt numarası", "kursiyer kayıt no", "sistem no"),
            reads=cells.number,
            help=gettext_lazy("As our own lists give it out; leave it empty for new people."),
        ),
        Column(
            "number",
            gettext_lazy("T.C. identity no"),
            (
                "tc", "tckn", "tc no", "tc kimlik", "tc kimlik numarası", "kimlik no", "kimlik numarası",
                "tc kimlik nosu", "vatandaşlık no", "ykn", "yabancı kimlik no", "tc/ykn",
                "tc kimlik no / ykn",                "identity number",
            ),
            reads=number_or_mask,
            examples=("10000000146", "17291716060"),
            secret=True,
        ),
        Column(
            "first_name",
            gettext_lazy("first name"),
            ("ad", "adı", "isim", "ismi", "kursiyer adı", "kursiyerin adı", "öğrenci adı", "name"),
            reads=cells.name,
            examples=("Ayşe Nur", "Maria"),
        ),
        Column(
            "last_name",
            gettext_lazy("last name"),
            ("soyad", "soyadı", "soy isim", "soyisim", "soyismi", "kursiyer soyadı", "kursiyerin soyadı",
             "öğrenci soyadı", "surname"),
            reads=cells.name,
            examples=("Örnek", "Deneme"),
        ),
        Column(
            "full_name",
            gettext_lazy("first and last name"),
            ("ad soyad", "adı soyadı", "ad-soyad", "isim soyisim", "kursiyer", "kursiyerin adı soyadı",
             "kursiyer adı soyadı", "öğrencinin adı soyadı", "öğrenci adı soyadı", "adı ve soyadı",
             "ad soyadı"),
            reads=cells.name,
            help=gettext_lazy("In one column: the last word is the last name."),
        ),
        *also,
    ]  # fmt: skip


COURSE_COLUMNS = [
    Column(
        "course_number",
        gettext_lazy("course number"),
        ("kurs no", "kurs numarası", "kurs kodu", "e-yaygın kurs no", "kurs nosu"),
        reads=cells.digits,
        examples=("41-2026-0001", "41-2026-0001"),
        help=gettext_lazy("From e-Yaygın, as it stands at the course."),
    ),
    Column(
        "course",
        gettext_lazy("course"),
        ("kurs", "kurs adı", "kursun adı", "branş", "program", "grup adı", "kursu"),
        help=gettext_lazy("Instead of the number: programme and group, as “Ebru A – Akmeşe”."),
    ),
    Column(
        "course_centre",
        gettext_lazy("course centre"),
        ("kurs merkezi", "merkez", "kurs yeri"),
        help=gettext_lazy("Where several courses have the same name."),
    ),
]

COLUMNS = who_is_it(
    Column(
        "birth_date",
        gettext_lazy("date of birth"),
        ("doğum tarihi", "d.tarihi", "dogum t.", "doğum tar.", "doğum günü", "birth date"),
        reads=birth_day,
        examples=("14.03.1985", "02.07.1990"),
    ),
    Column(
        "gender",
        gettext_lazy("gender"),
        ("cinsiyet", "cinsiyeti", "k/e"),
        reads=cells.choice(Gender, GENDER),
        examples=("Kadın", "Kadın"),
    ),
    Column(
        "phone",
        gettext_lazy("phone"),
        ("telefon", "tel", "telefonu", "cep", "cep tel", "cep telefonu", "gsm", "telefon no",
         "telefon numarası", "cep no", "irtibat", "iletişim"),
        reads=cells.phone,
        examples=("0555 000 00 01", "0555 000 00 02"),
    ),
    Column(
        "email",
        gettext_lazy("e-mail"),
        ("e-posta", "eposta", "mail", "e-mail", "e-posta adresi", "mail adresi"),
        reads=cells.mail,
        examples=("ayse@example.org", ""),
    ),
    Column(
        "neighbourhood",
        gettext_lazy("neighbourhood"),
        ("mahalle", "mahallesi", "oturduğu mahalle"),
        examples=("Akmeşe", ""),
    ),
    Column(
        "education",
        gettext_lazy("education"),
        ("öğrenim", "öğrenim durumu", "eğitim durumu", "mezuniyet", "tahsil", "eğitimi", "öğrenimi"),
        reads=cells.choice(Education, EDUCATION),
        examples=("Lise", "Lisans"),
    ),
    Column(
        "guardian_name",
        gettext_lazy("guardian"),
        ("veli", "veli adı", "veli adı soyadı", "velisi", "velisinin adı soyadı", "veli ad soyad"),
        reads=cells.name,
        help=gettext_lazy("For people under 18."),
    ),
    Column(
        "guardian_relation",
        gettext_lazy("guardian’s relation"),
        ("yakınlık", "yakınlığı", "yakınlık derecesi", "veli yakınlığı", "veli yakınlık"),
    ),
    Column(
        "guardian_phone",
        gettext_lazy("guardian’s phone"),
        ("veli telefonu", "veli tel", "veli telefon", "veli cep", "velisinin telefonu"),
        reads=cells.phone,
    ),
    Column(
        "guardian_permission",
        gettext_lazy("guardian’s permission"),
        ("veli izni", "veli izin", "muvafakat", "veli muvafakati", "veli izin tarihi"),
        reads=permission,
        help=gettext_lazy("The day, or “Evet”."),
    ),
    *COURSE_COLUMNS,
    Column(
        "joined_on",
        gettext_lazy("joined on"),
        ("katılma tarihi", "kayıt tarihi", "kursa başlama tarihi", "başlama tarihi", "kayıt günü"),
        reads=cells.day,
        help=gettext_lazy("Empty: today, or the first day of the course."),
    ),
    Column(
        "state",
        gettext_lazy("state of the seat"),
        ("durum", "durumu", "kayıt durumu"),
        reads=cells.choice_of_ours(EnrolmentState),
        help=gettext_lazy("As our own lists give it out: who has left a course gets no seat anew."),
    ),
)  # fmt: skip
PLAIN = ("birth_date", "gender", "phone", "email", "education", "neighbourhood")
GUARDIAN = {  # field → column
    "relation": "guardian_relation",
    "phone": "guardian_phone",
    "permission_on": "guardian_permission",
}
WORDS = {
    "phone": (show, masks.phone),
    "email": (str, masks.email),
    "birth_date": (cells.shown, masks.day),
}


class TraineeList(ImportKind):
    name = "trainees"
    title = gettext_lazy("Trainees with their courses")
    text = gettext_lazy(
        "People, what is known of them, and the courses they attend. A row without a course is a person "
        "only."
    )
    overrides = True

    def columns(self, about=None):
        return COLUMNS

    def page(self):
        return reverse("admin:trainees_trainee_changelist")

    # --- What a row means ---------------------------------------------------------------------

    def judge(self, lines, run):
        people = [read_person(line) for line in lines]
        finder = run.memo.setdefault("finder", Finder(run.by, "enrol", rights))
        finder.read_courses(lines)
        for line in lines:
            if not line.problems:
                is_past = line.get("state") in EnrolmentState.with_day()
                line.plan["course"] = finder.course(line, is_past=is_past)
            if not line.problems:
                line.plan["neighbourhood"] = finder.neighbourhood(line)
        find_people(lines, people, run)
        good = [
            (line, person) for line, person in zip(lines, people, strict=True) if not line.problems
        ]
        for line, person in good:
            course = line.plan.get("course")
            line.shown = f"{person.shown} · {course}" if course else person.shown
            line.plan["person"] = person
            if line.verdict != RowState.CHOOSE:
                self._plan_record(line, person, run)
        self._judge_seats(
            [(line, person) for line, person in good if line.verdict != RowState.CHOOSE], run
        )
        for line, person in good:
            if line.problems or line.verdict == RowState.CHOOSE:
                continue
            self._say(line, person, run)

    def _plan_record(self, line, person, run):
        """What is new about the person: what fills a gap, and what differs from the record."""
        given = {name: line.get(name) for name in PLAIN if line.get(name) not in (None, "")}
        if "neighbourhood" in given:
            given["neighbourhood"] = line.plan["neighbourhood"]
        known = person.known
        if known is None:
            row = person.as_row or line.number
            facts = run.memo.setdefault("given", {}).setdefault(row, {})  # by all rows so far
            line.plan["changes"] = {
                name: value for name, value in given.items() if person.as_row and name not in facts
            }
            line.plan["facts"] = given | facts
            facts |= line.plan["facts"]
            line.plan["new"], line.plan["number"] = given, person.gives_number
            return
        fills, differs = _gaps(known, given), {}
        for name, value in given.items():
            if name not in fills and getattr(known, _stored(name)) != getattr(value, "pk", value):
                differs[name] = value
        for name, value in differs.items():
            line.notes.append(self._difference(known, name, value, run))
        if run.file_counts and known.in_scope:
            fills |= differs
        line.plan["changes"] = fills
        line.plan["number"] = bool(person.hash) and not person.has_number
        line.plan["rights"] = known.in_scope

    def _difference(self, known, name, value, run):
        shown, masked = WORDS.get(name, (str, masks.all_of_it))
        recorded = getattr(known, name)
        if name in ("gender", "education"):
            recorded = getattr(known, f"get_{name}_display")()
            value = value.label
        said = shown(recorded) if known.in_scope else masked(recorded)
        return _("%(column)s: on record %(recorded)s, in the list %(listed)s.") % {
            "column": _heading(name),
            "recorded": said,
            "listed": shown(value),
        }

    def _judge_seats(self, good, run):
        """Whether each new seat passes the rules, as they will be asked when it is given."""
        wanted = []
        permits = run.memo.setdefault("permits", set())  # rows of people whose guardian permits it
        for line, person in good:
            if line.get("guardian_name") and line.get("guardian_permission"):
                permits.add(person.as_row or line.number)
            line.plan["permitted"] = (person.as_row or line.number) in permits
            course = line.plan.get("course")
            if not course:
                continue
            trainee = person.known or Trainee(
                first_name=person.first_name, last_name=person.last_name, **line.plan["facts"]
            )
            if person.known:
                for name, value in line.plan["changes"].items():
                    setattr(trainee, name, value)
            line.plan["trainee"] = trainee
            wanted.append((line, person, Wanted(trainee, course, line.get("joined_on"))))
        facts = SeatFacts() if run.writing else run.memo.setdefault("seats", SeatFacts())
        facts.add([one for _line, _person, one in wanted])
        for line, person, one in wanted:
            self._judge_seat(line, person, one, facts, run)

    def _judge_seat(self, line, person, one, facts, run):
        trainee, course = one.trainee, facts.courses[one.course.pk]
        seat = facts.seat_of(trainee, course) if trainee.pk else None
        if (seat and seat.state in EnrolmentState.holding()) or course in person.others:
            return
        if line.get("state") in EnrolmentState.with_day():
            line.notes.append(_("The seat is not held any more: none is given."))
            return
        refusals = _day_refusals(one, course)
        theirs = facts.may_be_theirs(trainee, course)
        own = [app for app in theirs if app.trainee_id or _same_applicant(trainee, app)]
        if theirs and not own:
            line.wrong(
                _("The open application of %(who)s may be theirs.") % {"who": theirs[0]},
                column="course_number",
                help=_("Enrol this person at the counter, where it is asked."),
            )
            return
        if trainee.pk in facts.cancelled:
            refusals += hindrances(trainee=trainee, course=course)
        else:
            case = facts.case(trainee, course, permitted=line.plan["permitted"], also=person.others)
            if own:
                case.application = own[0]
                del case.waiting_ahead  # by its place in the list
            refusals += broken_rules(case)
        for refusal in refusals:
            if not (run.override and refusal.reason in OVERRIDABLE):
                line.refused(refusal, line.raw, help=_help(refusal))
        if not line.problems:
            facts.take(trainee, course)
            line.plan["wanted"] = one
            if not person.known:
                run.memo["people"].courses[person.as_row or line.number].append(course)

    def _say(self, line, person, run):
        """The verdict of a good row, and what will be done, in words."""
        plan = line.plan
        note_state(line)
        if person.known and not (plan["rights"] or "wanted" in plan):
            self._leave(line, person)
            return
        plan["guardian"] = self._guardian(line, person, run)
        if person.known is None and not person.as_row:
            line.verdict = RowState.NEW
            return
        line.verdict = RowState.KNOWN
        line.target = person.known.pk if person.known else None
        if person.as_row:
            line.notes.append(_("The person of row %(row)d.") % {"row": person.as_row})
        for name in plan.get("changes", ()):
            line.notes.append(_("Is added: %(column)s.") % {"column": _heading(name)})
        if plan.get("number"):
            line.notes.append(_("Is added: the identity number."))
        if plan["guardian"] and person.known:
            line.notes.append(_("Is added: %(column)s.") % {"column": _heading("guardian_name")})
        if "wanted" in plan:
            line.notes.append(_("Gets a seat in the course."))
        if not (plan.get("changes") or plan.get("number") or "wanted" in plan or plan["guardian"]):
            line.verdict = RowState.SAME

    def _leave(self, line, person):
        """Nothing is written about whom the user may not see, unless the row gives them a seat."""
        line.plan |= {"changes": {}, "number": False, "guardian": None}
        line.verdict, line.target = RowState.SAME, person.known.pk
        line.notes.append(
            _("Is on record at another course centre: nothing is added without a course of yours.")
        )

    def _guardian(self, line, person, run):
        """The arguments of `fill_guardian`, if the list says more of one than is on record."""
        name = line.get("guardian_name")
        if not name:
            return None
        known = person.known
        day = line.get("birth_date") or (known and known.birth_date)
        if day and day <= adulthood():
            return None
        given = {
            "relation": line.get("guardian_relation") or "",
            "phone": line.get("guardian_phone") or "",
            "permission_on": line.get("guardian_permission"),
        }
        same = known and guardian_named(known, name)
        replaces = bool(known and known.in_scope and run.file_counts)
        if same:
            fills = [field for field, value in given.items() if value and not getattr(same, field)]
            differs = self._guardian_differs(line, same, given) if known.in_scope else []
            if not fills and not (differs and replaces):
                return None
        return {"name": name, **given, "replaces": replaces}

    def _guardian_differs(self, line, guardian, given):
        """The fields of a guardian that the list gives otherwise; they are noted."""
        differs = []
        for field, column in GUARDIAN.items():
            recorded, said = getattr(guardian, field), given[field]
            if not recorded or not said or recorded == said:
                continue
            if field == "relation" and fold(recorded) == fold(said):
                continue
            differs.append(field)
            shown = show if field == "phone" else cells.shown
            line.notes.append(
                _("%(column)s: on record %(recorded)s, in the list %(listed)s.")
                % {"column": _heading(column), "recorded": shown(recorded), "listed": shown(said)}
            )
        return differs

    # --- What is done -------------------------------------------------------------------------

    def write(self, lines, run):
        who = self._register(lines, run)
        self._add_of_rows(lines, who, run)
        lines = [line for line in lines if not line.problems]
        for line in lines:
            if line.plan["person"].as_row:  # that row is written by now: what it left empty
                line.plan["changes"] = _gaps(who[line.number], line.plan["new"])
        change_many(
            changes=[
                (who[line.number], line.plan["changes"])
                for line in lines
                if line.plan.get("changes")
            ],
            by=run.by,
        )
        numbers = {  # two rows may give a person the same number
            who[line.number].pk: (
                who[line.number],
                line.plan["person"].kind,
                line.plan["person"].number,
            )
            for line in lines
            if line.plan.get("number")
        }
        put_many_identities(people=numbers.values(), by=run.by)
        for line in lines:
            if line.plan["guardian"]:
                fill_guardian(trainee=who[line.number], by=run.by, **line.plan["guardian"])
        self._enrol([line for line in lines if "wanted" in line.plan], who, run)
        for line in lines:
            line.target = who[line.number].pk

    def _register(self, lines, run):
        """Save the new people; {number of a line: its Trainee}, those on record included."""
        who = {
            line.number: line.plan["person"].known for line in lines if line.plan["person"].known
        }
        fresh = []
        for line in lines:
            person = line.plan["person"]
            if person.known is None and not person.as_row:
                names = {"first_name": person.first_name, "last_name": person.last_name}
                who[line.number] = Trainee(
                    **names, **line.plan["new"], newcomer="wanted" not in line.plan
                )
                fresh.append((who[line.number], person.kind, person.number))
        register_many(people=fresh, by=run.by)
        return who

    def _add_of_rows(self, lines, who, run):
        """Add to `who` the people of earlier rows: of this pass, or of batches that are written."""
        later = [line for line in lines if line.plan["person"].as_row and line.number not in who]
        rows = {line.plan["person"].as_row for line in later} - who.keys()
        written = run.sheet.rows.filter(number__in=rows, state=RowState.WRITTEN)
        keys = {number: int(key) for number, key in written.values_list("number", "target") if key}
        rows = Trainee.objects.select_for_update(no_key=True).order_by("pk")
        trainees = rows.in_bulk(keys.values())
        for line in later:
            row = line.plan["person"].as_row
            found = who.get(row) or trainees.get(keys.get(row))
            if found:
                who[line.number] = found
            else:
                line.wrong(
                    _("The person of row %(row)d was not written.") % {"row": row},
                    help=_("Mend that row first."),
                )

    def _enrol(self, lines, who, run):
        wanted = [
            Wanted(who[line.number], line.plan["course"], line.get("joined_on")) for line in lines
        ]
        given = enrol_many(wanted=wanted, by=run.by, override=run.override or None)
        for line, found in zip(lines, given, strict=True):
            if isinstance(found, ValidationError):
                line.refused(found, line.raw)


def _stored(name):
    return "neighbourhood_id" if name == "neighbourhood" else name


def _gaps(trainee, given):
    """Of the {field: value} that a row gives, what is not on record of a trainee."""
    return {
        name: value
        for name, value in given.items()
        if getattr(trainee, _stored(name)) in (None, "")
    }


def _heading(name):
    return next(column.heading for column in COLUMNS if column.name == name)


def _same_applicant(trainee, application):
    return application.phone == trainee.phone and application.folded == fold(str(trainee))


def _day_refusals(one, course):
    try:
        if one.joined_on:
            day_inside(course, one.joined_on)
        elif refusal := not_over(course):
            return [refusal]
    except Refusal as refusal:
        return [refusal]
    return []


def _help(refusal):
    """What helps against a rule."""
    if refusal.reason in OVERRIDABLE:
        return _("An officer may set this rule aside for the whole list, with a reason.")
    return {
        "full": _("Raise the capacity of the course, or put the person on the waiting list."),
        "guardian": _("Add the guardian with the day of the permission."),
        "birth date": _("Add the date of birth."),
        "education unknown": _("Add the education."),
        "state": _("Open the course first, or write the number of another one."),
    }.get(refusal.reason, "")
