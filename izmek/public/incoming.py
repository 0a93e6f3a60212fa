"""What is refused before any view or form looks at it: foreign encodings, bodies that are too large.

Browsers send UTF-8. Django reads addresses and forms with whatever codec of Python a header names
(utf-7, hex, zlib), and many of these raise errors.
"""

import codecs

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import parse_header_parameters

from izmek.public.headers import secured


def utf8_only(application):
    """Wrap the WSGI application: a request in another encoding gets the page of a bad request.

    It cannot be a middleware of Django, which reads the address before it calls the first of them.
    """

    def guarded(environ, start_response):
        content_type = environ.get("CONTENT_TYPE")
        if not content_type or _is_utf8(content_type):
            return application(environ, start_response)
        page = secured(_refusal(400))
        if settings.HTTPS:
            page["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        start_response(f"400 {page.reason_phrase}", list(page.items()))
        return page

    return guarded


def _is_utf8(content_type):
    try:
        _kind, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False


class BodySizeMiddleware:
    """Refuse a body that is too large by its Content-Length, before a byte of it is read.

    A public form has no files, so its limit is Django's for a form. Signed-in users may send
    settings.UPLOAD_MAX_SIZE, or what a view says of itself (`most_bytes`). Its `too_large` answers, also
    where Django finds its texts too large (izmek/site/views/errors.py). The middleware comes after those
    that ask for a sign-in and before the CSRF check, which reads the body.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        most = getattr(view_func, "most_bytes", None) or (
            settings.UPLOAD_MAX_SIZE
            if getattr(view_func, "login_required", True)
            else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        )
        length = request.META.get("CONTENT_LENGTH") or "0"
        # A server passes on only digits here; `len` spares `int` a number without end.
        if len(length) <= 18 and int(length) <= most:
            return None
        if hasattr(view_func, "too_large"):
            return view_func.too_large(request)
        return _refusal(413)


def _refusal(status):
    """The page of a bad request, without looking at the request again."""
    return HttpResponse(render_to_string("400.html"), status=status)
