"""The entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "izmek.settings")
site = get_wsgi_application()

from izmek.public.cache import kept_first  # noqa: E402  it looks at the models
from izmek.public.incoming import utf8_only  # noqa: E402
from izmek.watching.visits import watched  # noqa: E402

application = watched(utf8_only(kept_first(site)))
