"""The year at a glance: what the admin's index says to someone, each figure a link to its list.

One query for each table, whatever the year holds; a figure is left out where the user may not open
its list.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.admin import in_year
from courses.enums import CourseState
from courses.models import Course, EducationYear, Session
from exhibitions.enums import EnquiryState, ExhibitionState, NoteState, WorkState
from exhibitions.models import Enquiry, Exhibition, Photo, VisitorNote, Work
from izmek.admin import visible
from trainees.models import Application, Enrolment, Trainee

SOON = timedelta(days=30)  # a draft that begins within it waits for its publication
NEXT = 5  # rows of what opens next


def glance(user, today=None):
    """{year, figures, waiting, coming}: lists of {label, count, url}, of coming rows {…, day, what}.

    What waits past a day that the law sets is `urgent` and stands first.
    """
    today = today or timezone.localdate()
    year = EducationYear.objects.current(today)
    figures, waiting, coming = [], [], []
    for part in (
        _courses,
        _trainees,
        _applications,
        _sessions,
        _works,
        _exhibitions,
        _enquiries,
        _notes,
        _photos,
    ):
        part(user, year, today, figures, waiting, coming)
    coming.sort(key=lambda row: row["day"])
    return {
        "year": year,
        "figures": figures,
        "waiting": [row for row in waiting if row["count"]],
        "coming": coming[: 2 * NEXT],
    }


def _may(user, model):
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def _line(model, label, count, **filters):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return {"label": label, "count": count, "url": f"{reverse(name)}?{urlencode(filters)}"}


def _count(condition):
    return Count("pk", filter=condition, distinct=True)


def _courses(user, year, today, figures, waiting, coming):
    if not _may(user, Course):
        return
    seen = visible(Course, user)
    of_year = Q(term__year=year)
    small = Q(pk__in=Course.objects.below_minimum().values("pk"))
    count = seen.filter(of_year).aggregate(
        planned=_count(Q(state=CourseState.PLANNED)),
        open=_count(Q(state=CourseState.OPEN)),
        running=_count(Q(state=CourseState.RUNNING)),
        finished=_count(Q(state=CourseState.FINISHED)),
        small=_count(small),
    )
    figures += [
        _line(Course, _("Courses running"), count["running"], state__exact="running"),
        _line(Course, _("Courses open for application"), count["open"], state__exact="open"),
        _line(Course, _("Courses planned"), count["planned"], state__exact="planned"),
        _line(Course, _("Courses finished"), count["finished"], state__exact="finished"),
    ]
    waiting.append(
        _line(Course, _("Courses below the smallest group"), count["small"], group="small")
    )
    soon = seen.filter(state__in=(CourseState.PLANNED, CourseState.OPEN), begin__gte=today)
    for course in soon.select_related("programme", "centre").order_by("begin", "pk")[:NEXT]:
        coming.append(_row(course, course.begin, _("course")))


def _trainees(user, year, today, figures, waiting, coming):
    if year and _may(user, Trainee) and _may(user, Enrolment):
        seats = visible(Enrolment, user).holding_seat().filter(course__term__year=year)
        count = visible(Trainee, user).filter(pk__in=seats.values("trainee")).count()
        figures.append(_line(Trainee, _("Trainees enrolled"), count, enrolled=year.pk))


def _applications(user, year, today, figures, waiting, coming):
    if _may(user, Application):
        line = _line(
            Application, _("Applicants to call"), visible(Application, user).to_call().count()
        )
        waiting.append(line | {"url": reverse("admin:trainees_application_calls")})


def _sessions(user, year, today, figures, waiting, coming):
    if not _may(user, Session):
        return
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    uncalled = Session.objects.missing_roll(today).filter(pk=OuterRef("pk"))
    held = Session.objects.taking_place().filter(pk=OuterRef("pk"))
    count = (
        visible(Session, user)
        .filter(course__term__year=year)
        .aggregate(
            week=Count(
                "pk",
                filter=Q(date__gte=monday, date__lte=sunday) & Exists(held),
            ),
            uncalled=Count("pk", filter=Exists(uncalled)),
        )
    )
    week = {"date__gte": monday.isoformat(), "date__lte": sunday.isoformat()}
    figures.append(_line(Session, _("Lessons this week"), count["week"], held="yes", **week))
    waiting.append(_line(Session, _("Rolls not called"), count["uncalled"], roll="missing"))


def _works(user, year, today, figures, waiting, coming):
    if not _may(user, Work):
        return
    count = visible(Work, user).aggregate(
        year=_count(Q(year=year)), submitted=_count(Q(state=WorkState.SUBMITTED))
    )
    figures.append(_line(Work, _("Works of the year"), count["year"]))
    submitted = {"state__exact": WorkState.SUBMITTED.value, "year": "all"}
    waiting.append(_line(Work, _("Works that wait for approval"), count["submitted"], **submitted))


def _exhibitions(user, year, today, figures, waiting, coming):
    if not _may(user, Exhibition):
        return
    seen = visible(Exhibition, user)
    draft = Q(state=ExhibitionState.DRAFT)
    count = seen.aggregate(
        year=_count(in_year(year, dates="begin")),
        draft=_count(draft & Q(begin__lte=today + SOON, end__gte=today)),
    )
    figures.append(_line(Exhibition, _("Exhibitions of the year"), count["year"]))
    drafts = {
        "state__exact": ExhibitionState.DRAFT.value,
        "begin__lte": (today + SOON).isoformat(),
        "end__gte": today.isoformat(),
        "year": "all",
    }
    waiting.append(
        _line(Exhibition, _("Exhibitions that open soon and are drafts"), count["draft"], **drafts)
    )
    soon = seen.exclude(state=ExhibitionState.CANCELLED).filter(begin__gte=today)
    for exhibition in soon.order_by("begin", "pk")[:NEXT]:
        coming.append(_row(exhibition, exhibition.begin, _("exhibition")))


def _enquiries(user, year, today, figures, waiting, coming):
    if not _may(user, Enquiry):
        return
    seen = visible(Enquiry, user)
    late = Q(pk__in=Enquiry.objects.overdue(today).values("pk"))
    count = seen.open().aggregate(open=Count("pk"), late=Count("pk", filter=late))
    line = _line(
        Enquiry, _("Requests about personal data past their day"), count["late"], deadline="over"
    )
    waiting.insert(0, line | {"urgent": True})
    new = EnquiryState.NEW.value
    waiting.append(_line(Enquiry, _("Enquiries to answer"), count["open"], state__exact=new))


def _notes(user, year, today, figures, waiting, coming):
    if _may(user, VisitorNote):
        count = visible(VisitorNote, user).waiting().count()
        filters = {"state__exact": NoteState.WAITING.value, "year": "all"}
        waiting.append(_line(VisitorNote, _("Notes in visitor books to read"), count, **filters))


def _photos(user, year, today, figures, waiting, coming):
    if _may(user, Photo):
        count = visible(Photo, user).undescribed().count()
        waiting.append(_line(Photo, _("Photos without a description"), count, described="no"))


def _row(row, day, what):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return {
        "label": str(row),
        "day": day,
        "what": what,
        "state": row.get_state_display(),
        "url": reverse(name, args=[row.pk]),
    }
