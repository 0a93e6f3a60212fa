"""What the admin's first page tells of works, exhibitions and visitors (izmek/admin/attention.py)."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from courses.queries.calendar import in_year
from exhibitions.enums import EnquiryState, ExhibitionState, NoteState, WorkState
from exhibitions.models import Enquiry, Exhibition, Photo, VisitorNote, Work
from exhibitions.queries.exhibitions import draft_soon
from izmek.admin import visible
from izmek.admin.attention import attention, count_of, line, may_open, row

NEXT = 5  # rows of what opens next


@attention(50)
def works(user, year, today, figures, waiting, coming):
    if not may_open(user, Work):
        return
    count = visible(Work, user).aggregate(
        year=count_of(Q(year=year)), submitted=count_of(Q(state=WorkState.SUBMITTED))
    )
    figures.append(line(Work, _("Works of the year"), count["year"]))
    submitted = {"state__exact": WorkState.SUBMITTED.value, "year": "all"}
    waiting.append(line(Work, _("Works that wait for approval"), count["submitted"], **submitted))


@attention(60)
def exhibitions(user, year, today, figures, waiting, coming):
    if not may_open(user, Exhibition):
        return
    seen = visible(Exhibition, user)
    count = seen.aggregate(
        year=count_of(in_year(year, dates="begin")),
        draft=count_of(draft_soon(today)),
    )
    figures.append(line(Exhibition, _("Exhibitions of the year"), count["year"]))
    drafts = {"opens": "soon", "year": "all"}
    waiting.append(
        line(Exhibition, _("Exhibitions that open soon and are drafts"), count["draft"], **drafts)
    )
    soon = seen.exclude(state=ExhibitionState.CANCELLED).filter(begin__gte=today)
    for exhibition in soon.order_by("begin", "pk")[:NEXT]:
        coming.append(row(exhibition, exhibition.begin, _("exhibition")))


@attention(70)
def enquiries(user, year, today, figures, waiting, coming):
    if not may_open(user, Enquiry):
        return
    seen = visible(Enquiry, user)
    late = Q(pk__in=Enquiry.objects.overdue(today).values("pk"))
    count = seen.open().aggregate(open=Count("pk"), late=Count("pk", filter=late))
    overdue = line(
        Enquiry, _("Requests about personal data past their day"), count["late"], deadline="over"
    )
    waiting.insert(0, overdue | {"urgent": True})
    new = EnquiryState.NEW.value
    waiting.append(line(Enquiry, _("Enquiries to answer"), count["open"], state__exact=new))


@attention(80)
def visitor_book(user, year, today, figures, waiting, coming):
    if may_open(user, VisitorNote):
        count = visible(VisitorNote, user).waiting().count()
        filters = {"state__exact": NoteState.WAITING.value, "year": "all"}
        waiting.append(line(VisitorNote, _("Notes in visitor books to read"), count, **filters))


@attention(90)
def photos(user, year, today, figures, waiting, coming):
    if may_open(user, Photo):
        count = visible(Photo, user).undescribed().count()
        waiting.append(line(Photo, _("Photos without a description"), count, described="no"))
