"""The admin's first page: today's lessons, what needs attention, what changed, the year in plots.

All its numbers are counted in one query; what needs attention stands in each app's attention.py.
"""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, CourseCentre, EducationYear, Programme, Session, TeacherChange
from courses.queries.teachers import begun_by
from exhibitions.models import Exhibition, Work
from izmek.accounts.roles import Role
from izmek.acts.prepared import prepared
from izmek.admin import visible
from izmek.admin.attention import CountUpTo, counts_of_rules, lines, list_of, may_open
from izmek.admin.changes import Changes, summary
from izmek.models import User
from izmek.site.figures import Row, Table, counted_through
from izmek.text.figures import number, percent
from izmek.text.languages import capital
from trainees.enums import ApplicationState
from trainees.models import Application, Enrolment, RollCall
from trainees.services import counts_of

LESSONS = 12  # of today on the page; of more those that are not over yet
COMING = 5  # exhibitions that open next
MANY = 99_999  # up to which the figures of the page are counted


def first_page(user, now=None):
    """What the page shows: {lessons, figures, attention, changes, plots …}, for what the user may open."""
    now = timezone.localtime(now)
    today = now.date()
    year = EducationYear.objects.current(today)
    figures = _figures(user, today)
    may = frozenset(user.get_all_permissions())
    (counts,) = _counts(user=user, today=today, may=may)
    changes = summary_of_changes(user, today)
    return {
        "year": year,
        "today": today,
        "yesterday": today - timedelta(days=1),
        "figures": [
            {"label": label, "url": url, "count": number(counts[f"figure{place}"])}
            for place, (label, url, _rows) in enumerate(figures)
        ],
        "attention": lines(
            user,
            {
                name.removeprefix("rule-"): n
                for name, n in counts.items()
                if name.startswith("rule-")
            },
        ),
        "changes": changes,
        "plots": plots(user, year),
        **_lessons(user, now),
        **_coming(user, today),
    }


# --- Numbers ----------------------------------------------------------------------------------


@prepared(by=("user", "today", "may"), kept=8)
def _counts(user, today, may):
    """All numbers of the page in one row: those of `_figures` by their place, and of each rule.

    `may`: the user's permissions, which say what is counted at all.
    """
    counts = {
        f"figure{place}": CountUpTo(rows(), MANY)
        for place, (*_rest, rows) in enumerate(_figures(user, today))
    }
    counts |= {f"rule-{name}": count for name, count in counts_of_rules(user, today).items()}
    return User.objects.filter(pk=user.pk).values("pk", **counts)


def _figures(user, today):
    """[(label, address of the list, a function that gives its rows)]: what one sees at a glance."""
    found = []

    def add(model, label, rows, **filters):
        if may_open(user, model):
            found.append((label, f"{list_of(model)}?{urlencode(filters)}", rows))

    day = today.isoformat()

    def lessons():
        return visible(Session, user).filter(date=today).taking_place()

    add(Session, _("Lessons today"), lessons, held="yes", date__gte=day, date__lte=day, year="all")
    received = ApplicationState.RECEIVED
    add(
        Application,
        _("Applications without an answer"),
        lambda: visible(Application, user).filter(state=received),
        state__exact=received.value,
        year="all",
    )
    for state, label in (
        (CourseState.RUNNING, _("Courses running")),
        (CourseState.OPEN, _("Courses open for application")),
    ):
        rows = partial(_courses, user, state)
        add(Course, label, rows, state__exact=state.value, year="all")
    if not may_open(user, Session):
        add(Work, _("Works"), lambda: visible(Work, user), year="all")
        add(Exhibition, _("Exhibitions"), lambda: visible(Exhibition, user), year="all")
    return found


def _courses(user, state):
    return visible(Course, user).filter(state=state)


# --- Today ------------------------------------------------------------------------------------


def _lessons(user, now):
    """{lessons, more_lessons}: those of today; of many those that are not over yet."""
    if not may_open(user, Session):
        return {"lessons": None}
    later = TeacherChange.objects.filter(begun_by(now.date()), course=OuterRef("course"))
    name = Concat("teacher__first_name", Value(" "), "teacher__last_name", output_field=TextField())
    rows = (
        visible(Session, user)
        .filter(date=now.date())
        .taking_place()
        .annotate(
            called=Exists(RollCall.objects.filter(session=OuterRef("pk"))),
            over=Case(When(end__lte=now.time(), then=True), default=False),
            later_teacher=Subquery(later.order_by("-begins_on").values(name=name)[:1]),
        )
        .select_related("course__programme", "course__centre", "course__room")
        .select_related("course__teacher", "teacher")
    )
    found = list(rows.order_by("over", "begin", "pk")[:LESSONS])
    found.sort(key=lambda lesson: (lesson.begin, lesson.pk))
    day = now.date().isoformat()
    query = urlencode({"held": "yes", "date__gte": day, "date__lte": day, "year": "all"})
    return {
        "lessons": [_with_state(one, now) for one in found],
        "all_lessons": f"{list_of(Session)}?{query}",
    }


def _with_state(lesson, now):
    lesson.who = lesson.teacher or lesson.later_teacher or lesson.course.teacher
    lesson.begun = lesson.begin <= now.time()
    return lesson


def _coming(user, today):
    """{coming}: the exhibitions that open next, for whom these are the work of the day."""
    if not user.has_role(Role.CURATOR):
        return {"coming": None}
    seen = visible(Exhibition, user)
    return {"coming": seen.not_over(today)[:COMING]}


# --- What changed -----------------------------------------------------------------------------


def summary_of_changes(user, day):
    """[(User or None, how many, [(table, how many)])] of a day, who changed most first."""
    counts = Changes(user, day).counts()
    ids = {who for who, _model, _count in counts if who}
    return summary(counts, User.objects.in_bulk(ids) if ids else {})


# --- The year in plots ------------------------------------------------------------------------


def plots(user, year):
    """Tables of the year to draw: who attends what and from when on; of works the techniques.

    The first two are counted by night, up to the end of the last month; they tell exact numbers to who
    sees the people too.
    """
    if year is None:
        return []
    if may_open(user, Enrolment):
        return _places(user, year)
    if may_open(user, Work):
        return _works(user, year)
    return []


def _places(user, year):
    through = counted_through()
    if through < year.begin:
        return []
    counts = counts_of(year=year, through=through)
    rows = counts.places
    if not user.has_role(Role.MANAGER, Role.AUDITOR):
        own = set(visible(CourseCentre, user).values_list("pk", flat=True))
        rows = [row for row in rows if row[1] in own]
    programmes, months = Counter(), Counter()
    for programme, _centre, month, _courses, seats, *_results in rows:
        programmes[programme] += seats
        months[month] += seats
    names = dict(Programme.objects.filter(pk__in=programmes).values_list("pk", "name"))
    by_name = Counter({names[pk]: count for pk, count in programmes.items() if pk in names})
    by_programme = _table(
        "programme", _("Places taken, by programme"), _("Programme"), by_name.most_common()
    )
    title = _("Places taken, by month of beginning")
    by_month = _table("month", title, _("Month"), _months(months), "columns")
    return [table for table in (by_programme, by_month) if table]


def _works(user, year):
    rows = visible(Work, user).filter(year=year).order_by().values_list("technique__name")
    counts = dict(rows.annotate(n=Count("pk")))
    table = _table(
        "technique", _("Works, by technique"), _("Technique"), Counter(counts).most_common()
    )
    return [table] if table else []


def _months(counts):
    """(label, count, short label) of every month from the first to the last."""
    if not counts:
        return []
    places = {_place(month): count for month, count in counts.items()}
    return [
        (
            f"{MONTHS[place % 12 + 1]} {place // 12}",
            places.get(place, 0),
            capital(MONTHS_3[place % 12 + 1]),
        )
        for place in range(min(places), max(places) + 1)
    ]


def _place(month):
    day = date.fromisoformat(f"{month}-01")
    return day.year * 12 + day.month - 1


def _table(key, title, column, counted, plot="bars"):
    total = sum(count for _label, count, *_short in counted)
    if not total:
        return None
    rows = [
        Row(label, count, percent(100 * count / total), *short)
        for label, count, *short in counted
        if count or plot == "columns"
    ]
    return Table(key, title, column, rows, total, plot)
