"""A Django site of one empty view and no middleware: the yardstick of the public pages."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from benchmarks.page import EMPTY

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="empty")  # noqa: S106
urlpatterns = [path("bos/", lambda request: HttpResponse(EMPTY))]
application = get_wsgi_application()
