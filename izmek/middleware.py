"""The two middlewares of our own: the language of an address, and deny by default."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils import translation


def language(get_response):
    """The address alone decides the language: /en/… is English, everything else Turkish.

    Django's LocaleMiddleware would also look at the browser and send `Vary: Accept-Language`.
    """

    def middleware(request):
        code = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


class DefaultDenyMiddleware(LoginRequiredMiddleware):
    """A view that does not say it is public needs a sign-in.

    Asks the view first and the user only then, so that public pages never read the session.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
