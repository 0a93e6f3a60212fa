"""What the trainees app adds to the admin of courses: seats, the queue, the roll, consents."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.admin.calendar import EducationYearAdmin
from courses.admin.courses import CourseAdmin
from courses.admin.lessons import SessionAdmin
from courses.admin.teachers import TeacherAdmin
from courses.enums import CourseState
from courses.models import Course
from izmek.accounts.roles import Role
from izmek.admin import Tab, after_act, extend, who_holds
from trainees.admin.calls import say_whom_to_call
from trainees.admin.certificates import SignatoryInline
from trainees.admin.consents import ConsentInline, records_answers
from trainees.admin.counter_links import enrol, take_application
from trainees.admin.course_certificates import (
    certificates_tab,
    is_finished,
    issue,
    may_issue,
)
from trainees.admin.course_marks import marks_tab
from trainees.admin.course_papers import (
    announcement_tab,
    course_paper,
    empty_form_tab,
    may_print_forms,
    order_papers,
    paper_tab,
    papers_of_chosen,
    papers_tab,
    register_papers,
)
from trainees.admin.course_roll import roll_tab
from trainees.admin.course_trainees import trainees_tab
from trainees.admin.news import send_news
from trainees.admin.outcome import finish, may_finish, outcome_tab, reopen
from trainees.admin.personal_data import erase_act, hand_over_act
from trainees.admin.reconciliation import may_reconcile, reconciliation_tab
from trainees.admin.roll import AbsentInline, roll
from trainees.admin.waiting_list import applications_tab, free_unseen
from trainees.papers.announcement import can_be_announced
from trainees.rights import RIGHTS


def sees_people(user, course=None):
    """Whether the user sees who attends: a curator sees every course, and as a curator nobody in it."""
    if not user.has_perm("trainees.view_enrolment"):
        return False
    if course is None or not user.has_role(Role.CURATOR):
        return True
    return Course.objects.with_people_seen_by(user).filter(pk=course.pk).exists()


def people_tab(slug, label, view, **more):
    return Tab(slug, label, view, f"admin/trainees/course_{slug}.html", may=sees_people, **more)


extend(
    CourseAdmin,
    actions={
        "enrol": enrol,
        "take_application": take_application,
        "free_unseen": free_unseen,
        "send_news": send_news,
    },
    tabs=[
        people_tab("trainees", _("Trainees"), trainees_tab, count=lambda course: course.seats_held),
        people_tab(
            "applications",
            _("Applications"),
            applications_tab,
            count=lambda course: course.open_applications,
        ),
    ],
    before="lessons",
)
extend(
    CourseAdmin,
    actions={"finish": finish, "issue": issue, "reopen": reopen, "order_papers": order_papers},
    chosen=[papers_of_chosen(sees_people)],
    after="change_teacher",
    tabs=[
        people_tab("roll", _("Roll"), roll_tab),
        people_tab("marks", _("Marks"), marks_tab),
        people_tab("papers", _("Papers"), papers_tab),
        Tab(
            "reconciliation",
            _("Reconciliation"),
            reconciliation_tab,
            "admin/trainees/course_reconciliation.html",
            may=may_reconcile,
        ),
        Tab("announcement", _("Announcement"), announcement_tab, when=lambda course: False),
        Tab(
            "form",
            _("Registration form"),
            empty_form_tab,
            may=RIGHTS.asks("enrol_in_person"),
            when=lambda course: False,
        ),
        Tab("paper", _("Papers"), paper_tab, may=sees_people, when=lambda course: False),
        Tab(
            "outcome",
            _("Finish"),
            outcome_tab,
            "admin/trainees/course_outcome.html",
            may=may_finish,
            when=lambda course: False,  # the button "Finish the course" leads there
        ),
    ],
)
register_papers(sees_people)
course_paper(
    _("Announcement for the notice board"),
    lambda course: reverse("admin:courses_course_announcement", args=[course.pk]),
    may=who_holds("courses.view_course"),
    note=_("A poster in A4 with a QR code to the page of the course."),
    when=can_be_announced,
)
course_paper(
    _("Empty registration form"),
    lambda course: reverse("admin:courses_course_form", args=[course.pk]),
    may=may_print_forms,
    note=_("To be filled in by hand, where there is no computer."),
    when=lambda course: course.state in CourseState.enrolling(),
)
extend(
    CourseAdmin,
    tabs=[
        Tab(
            "certificates",
            _("Issue certificates"),
            certificates_tab,
            "admin/trainees/course_certificates.html",
            may=may_issue,
            when=lambda course: False,  # the button of that name leads there
        )
    ],
)
extend(EducationYearAdmin, inlines=[SignatoryInline])
course_paper(
    _("Issue certificates"),
    lambda course: reverse("admin:courses_course_certificates", args=[course.pk]),
    may=may_issue,
    note=_("Who gets the certificate of participation, and the reason of everybody else."),
    when=is_finished,
)
course_paper(
    _("Print certificates"),
    lambda course: f"{reverse('admin:trainees_certificate_papers')}?course={course.pk}",
    may=may_issue,
    note=_("Also the calling list of the ceremony and the sheet of signatures."),
    when=is_finished,
)
extend(
    SessionAdmin,
    actions={"roll": roll},
    after="cancel",
    inlines=[AbsentInline],
)
extend(
    TeacherAdmin,
    actions={
        "record_consent": records_answers("answer_of_teacher"),
        "hand_over": hand_over_act(),
        "erase": erase_act(),
    },
    after="invite",
    inlines=[ConsentInline],
)
after_act(say_whom_to_call)
