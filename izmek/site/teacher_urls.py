"""The addresses of the teacher pages, all under /ogretmen/: Turkish only, like the pages."""

from django.urls import path

from exhibitions.views import works_teacher as works
from izmek.site.views.today import today
from trainees.views.teacher import course, enrol, marks, people, roll

urlpatterns = [
    path("", today, name="teacher-today"),
    path("ders/<int:pk>/", roll.roll, name="teacher-roll"),
    path("ders/<int:pk>/isaret/", roll.mark, name="teacher-roll-mark"),
    path("ders/<int:pk>/iptal/", course.cancel, name="teacher-cancel"),
    path("ders/<int:pk>/vekil/", course.substitute, name="teacher-substitute"),
    path("kurs/<int:pk>/", course.course, name="teacher-course"),
    path("kurs/<int:pk>/dersler/", course.lessons, name="teacher-lessons"),
    path("kurs/<int:pk>/telafi/", course.make_up, name="teacher-make-up"),
    path("kurs/<int:pk>/kayit/", enrol.enrol, name="teacher-enrol"),
    path("kurs/<int:pk>/kayit/<str:code>/", enrol.person, name="teacher-enrol-person"),
    path("kurs/<int:pk>/notlar/", marks.marks, name="teacher-marks"),
    path("kurs/<int:pk>/notlar/not/", marks.mark, name="teacher-mark"),
    path("kurs/<int:pk>/eserler/", works.works, name="teacher-works"),
    path("kurs/<int:pk>/eserler/liste/", works.hand_in_list, name="teacher-hand-in-list"),
    path("kurs/<int:pk>/eserler/yeni/", works.new, name="teacher-work-new"),
    path("kayit/<int:pk>/", people.enrolment, name="teacher-enrolment"),
    path("kayit/<int:pk>/destek/", people.support, name="teacher-support"),
    path("kayit/<int:pk>/izinler/", people.consents, name="teacher-consents"),
    path("kayit/<int:pk>/form/", people.form, name="teacher-form"),
    path("kayit/<int:pk>/ayrilma/", people.leave, name="teacher-leave"),
    path("kayit/<int:pk>/nakil/", people.move, name="teacher-transfer"),
    path("eser/<int:pk>/", works.work, name="teacher-work"),
    path("eser/<int:pk>/teslim/", works.submit, name="teacher-work-submit"),
    path("eser/<int:pk>/geri-cekme/", works.withdraw, name="teacher-work-withdraw"),
    path("eser/<int:pk>/foto/", works.add, name="teacher-photo-add"),
    path("eser/<int:pk>/fotolar/", works.describe, name="teacher-photos"),
    path("eser/<int:pk>/foto/<uuid:photo>/", works.describe, name="teacher-photo"),
    path("eser/<int:pk>/foto/<uuid:photo>/sil/", works.delete, name="teacher-photo-delete"),
]
