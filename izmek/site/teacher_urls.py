"""The URLs of the teacher pages, all under /ogretmen/: only in Turkish, like the pages."""

from django.urls import path

from exhibitions.views import own_works
from izmek.site.views.today import today
from trainees.views import calls, lessons, marks, own_course, registration, roll, seats

urlpatterns = [
    path("", today, name="teacher-today"),
    path("ders/<int:pk>/", roll.roll, name="teacher-roll"),
    path("ders/<int:pk>/isaret/", roll.mark, name="teacher-roll-mark"),
    path("ders/<int:pk>/iptal/", lessons.cancel, name="teacher-cancel"),
    path("ders/<int:pk>/vekil/", lessons.substitute, name="teacher-substitute"),
    path("kurs/<int:pk>/", own_course.course, name="teacher-course"),
    path("kurs/<int:pk>/onay/<int:application>/", own_course.confirm, name="teacher-confirm"),
    path("kurs/<int:pk>/dersler/", lessons.lessons, name="teacher-lessons"),
    path("kurs/<int:pk>/aranacaklar/", calls.calls, name="teacher-calls"),
    path("kurs/<int:pk>/telafi/", lessons.make_up, name="teacher-make-up"),
    path("kurs/<int:pk>/kayit/", registration.enrol, name="teacher-enrol"),
    path("kurs/<int:pk>/kayit/<str:code>/", registration.person, name="teacher-enrol-person"),
    path("kurs/<int:pk>/notlar/", marks.marks, name="teacher-marks"),
    path("kurs/<int:pk>/notlar/not/", marks.mark, name="teacher-mark"),
    path("kurs/<int:pk>/eserler/", own_works.works, name="teacher-works"),
    path("kurs/<int:pk>/eserler/liste/", own_works.hand_in_list, name="teacher-hand-in-list"),
    path("kurs/<int:pk>/eserler/yeni/", own_works.new, name="teacher-work-new"),
    path("kayit/<int:pk>/", seats.enrolment, name="teacher-enrolment"),
    path("kayit/<int:pk>/destek/", seats.support, name="teacher-support"),
    path("kayit/<int:pk>/izinler/", seats.consents, name="teacher-consents"),
    path("kayit/<int:pk>/ad/", seats.name, name="teacher-name"),
    path("kayit/<int:pk>/form/", seats.form, name="teacher-form"),
    path("kayit/<int:pk>/ayrilma/", seats.leave, name="teacher-leave"),
    path("kayit/<int:pk>/nakil/", seats.move, name="teacher-transfer"),
    path("eser/<int:pk>/", own_works.work, name="teacher-work"),
    path("eser/<int:pk>/teslim/", own_works.submit, name="teacher-work-submit"),
    path("eser/<int:pk>/geri-cekme/", own_works.withdraw, name="teacher-work-withdraw"),
    path("eser/<int:pk>/satis/", own_works.sell, name="teacher-work-sell"),
    path("eser/<int:pk>/satisi-geri-al/", own_works.take_sale_back, name="teacher-work-unsell"),
    path("eser/<int:pk>/foto/", own_works.add, name="teacher-photo-add"),
    path("eser/<int:pk>/fotolar/", own_works.describe, name="teacher-photos"),
    path("eser/<int:pk>/foto/<uuid:photo>/", own_works.describe, name="teacher-photo"),
    path("eser/<int:pk>/foto/<uuid:photo>/sil/", own_works.delete, name="teacher-photo-delete"),
]
