"""The addresses of the teacher pages, all under /ogretmen/: Turkish only, like the pages."""

from django.urls import path

from izmek.site.views.today import today
from trainees.views.teacher import roll

urlpatterns = [
    path("", today, name="teacher-today"),
    path("ders/<int:pk>/", roll.roll, name="teacher-roll"),
    path("ders/<int:pk>/isaret/", roll.mark, name="teacher-roll-mark"),
]
