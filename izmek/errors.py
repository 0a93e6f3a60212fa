"""The pages that tell something went wrong."""

from django.shortcuts import render

from izmek.access import public


@public
def csrf_failure(request, reason=""):
    """A form came without its token: an old tab, or cookies off. The page says what to do."""
    return render(request, "403_csrf.html", status=403)
