"""The entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from izmek.public.incoming import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "izmek.settings")
application = utf8_only(get_wsgi_application())
