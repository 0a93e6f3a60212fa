"""What the trainees app adds to the admin of courses: seats, the queue, the roll, consents."""

from courses.admin.courses import CourseAdmin
from courses.admin.lessons import SessionAdmin
from courses.admin.teachers import TeacherAdmin
from izmek.admin import after_act, extend
from trainees.admin.calls import say_whom_to_call
from trainees.admin.consents import ConsentInline, RecordsAnswers
from trainees.admin.outcome import finish, reopen
from trainees.admin.roll import AbsentInline, call_roll, correct_roll
from trainees.admin.seats import enrol
from trainees.admin.waiting_list import free_unseen, queue

extend(CourseAdmin, actions={"enrol": enrol, "queue": queue, "free_unseen": free_unseen})
extend(CourseAdmin, actions={"finish": finish, "reopen": reopen}, after="change_teacher")
extend(
    SessionAdmin,
    actions={"correct_roll": correct_roll, "call_roll": call_roll},
    after="cancel",
    inlines=[AbsentInline],
)
extend(
    TeacherAdmin,
    actions={"record_consent": RecordsAnswers.record_consent},
    after="invite",
    inlines=[ConsentInline],
)
after_act(say_whom_to_call)
