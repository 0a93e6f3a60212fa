"""The entry for gunicorn: the site as it is; whoever asks with `X-Count` is told the number of queries."""

from django.db import connection

from izmek.wsgi import application as site


def application(environ, start_response):
    if "HTTP_X_COUNT" not in environ:
        return site(environ, start_response)
    count = 0

    def counted(execute, *arguments):
        nonlocal count
        count += 1
        return execute(*arguments)

    def start(status, headers, *rest):
        return start_response(status, [*headers, ("X-Queries", str(count))], *rest)

    with connection.execute_wrapper(counted):
        return site(environ, start)
