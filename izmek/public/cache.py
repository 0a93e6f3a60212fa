"""Public pages that are made once and kept, and never stale (DESIGN.md §6).

A view under `@reading` says `@cached(Area.…, asks=…)`: of which areas it is made (izmek/public/areas.py)
and which names it reads from the query string. Before anything else is done, the database is asked one
question, and then the page's *tag* is known: a hash of its address, the standing of its areas at this
moment, and this release of the code. The tag alone says whether a copy still holds:

- The browser or nginx sends it (If-None-Match): 304, without the page being made or looked up. It repeats
  no policy (content policy, HSTS …): whoever has the copy has its heads, keeps those that a 304 does not
  name (RFC 9111, 3.2 and 4.3.4), and other heads make another tag (`_set_up`).
- This process holds the page under it, or the cache that all processes share does: the page as
  it left the site, all headers included, compressed for whoever accepts that.
- Else the page is made; by one process of a host, while the others wait for it for some seconds.

So a commit, a moment or midnight makes another tag, and what was kept before is not looked at again. What
a view does not ask for is taken out of the address before the page is made: `?fbclid=…` makes no page of
its own, and stands in no link of one. Strangers can think of any number of searches, so pages are filed
under a fixed number of places, those with a query under few of their own, and the later page of a place
replaces the earlier: neither 10⁶ questions nor a year of changes fill the cache or push out what else
lies in it (the limits of forms and sign-ins).

Two doors ask here. `kept_first` (izmek/wsgi.py) answers what needs nobody but this process, before Django
makes a request of it, which costs several times as much as the answer. All else comes to the middleware
`KeptPages`, before all others, which keeps what leaves the site.

Nothing here is needed: without the shared cache, pages are made anew. While developing (DEBUG) nothing is
kept, because templates and code change.
"""

import fcntl
import gzip
import hashlib
import logging
import os
import re
import tempfile
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as once
from functools import cached_property, lru_cache, partial
from http.client import responses
from io import BytesIO
from threading import Lock
from urllib.parse import urlencode, urlsplit
from zlib import crc32

from django import get_version
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest, get_bytes_from_wsgi
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect, QueryDict
from django.http.request import split_domain_port
from django.http.response import ResponseHeaders
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import cc_delim_re, patch_vary_headers

from izmek.acts import follower
from izmek.acts.spare import is_away
from izmek.public.areas import EVERYTHING, is_shown_by, standing
from izmek.secrets import signing
from izmek.watching.visits import VISIT, Visit

log = logging.getLogger(__name__)

LONGEST = 6 * 60 * 60  # seconds that the shared cache keeps what nobody asks for
PLACES = {False: 4096, True: 1024}  # in the shared cache: of addresses without and with a query
ROOM = {False: 6 * 2**20, True: 2 * 2**20}  # bytes in each process, likewise
LONGEST_ADDRESS = 2000  # characters; the page of a longer one is not kept
KEPT_STATUS = (200, 302, 410)  # a page, a short or old address, a withdrawn work
PATIENCE = 5  # seconds to wait for who is making the same page
PAUSE = 0.02
TURNS = 64  # of making a page, on one host
WORTH_PACKING = 600  # bytes
NOT_READ = re.compile(r"q=0(\.0*)?")
# Sent by nginx, which keeps the bytes (deploy/nginx.conf): "ask" or "second".
ASKS_FOR_KEEPING = "HTTP_X_KEPT_PAGES"


def cached(*areas, asks=()):
    """Let the pages of a reading view be kept; below `@reading`.

    `areas`: those of which the page is made; none means all. `asks`: the names that it reads from the query
    string; all others are dropped.
    """
    if areas and callable(areas[0]):
        return cached()(areas[0])

    def mark(view):
        view.kept = (frozenset(areas) or EVERYTHING, tuple(asks))
        return view

    return mark


def kept_first(application):
    """Wrap the WSGI application: what this process keeps is answered before Django makes a request."""

    def answer(environ, start_response):
        asked = _asked(environ)
        ready = asked and asked.ready()
        if not ready:
            return application(environ, start_response)
        status, headers, body = ready
        start_response(f"{status} {responses[status]}", headers)
        return [body]

    return answer


def _asked(environ):
    """What is asked for, if that is certain from these values alone; it is put by for the middleware."""
    if settings.DEBUG or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    named = [environ.get(name) for name in NAMING]
    if sum(len(value or "") for value in named) > LONGEST_ADDRESS:
        return None
    address = _address(*named)
    if address is None:
        return None
    connection.close_if_unusable_or_obsolete()  # as at the beginning of each request of Django
    try:
        asked = environ[ASKED] = Asked(environ, address)
    except DatabaseError as error:
        environ[ASKED] = error  # Django has a page for it
        return None
    return asked


class KeptPages:
    """Middleware: answer public pages from what is kept. It comes first: kept is what leaves the site."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.META.get(ASKED) or Asked.by(request)
        if isinstance(asked, DatabaseError):
            raise asked  # asked again, it would let everybody wait twice
        if asked is None:
            return self.get_response(request)
        request.META["QUERY_STRING"] = asked.address.query
        return asked.answer(lambda: self.get_response(request))


@dataclass(frozen=True)
class Address:
    """Where a page that may be kept is found.

    `query`: what the view reads of it. `as_written`: nothing was taken out, so nginx may keep it on disk.
    `visit`: what the log says of it.
    """

    areas: frozenset
    scheme: str
    host: str
    path: str
    query: str
    as_written: bool
    visit: Visit

    @classmethod
    def of(cls, request):
        """The address, or None: not such a page, or one that the site refuses anyway."""
        written = get_bytes_from_wsgi(request.META, "QUERY_STRING", "")
        if len(request.path) + len(written) > LONGEST_ADDRESS:
            return None
        match = _kept_match(request.path_info)
        if match is None:
            return None
        areas, asks = match.func.kept
        try:
            query = _query(written, asks)
            host = ":".join(filter(None, split_domain_port(request.get_host())))
        except SuspiciousOperation:
            return None
        as_written = written == query.encode()
        visit = Visit.of(match, request.path)
        return cls(areas, request.scheme, host, request.path, query, as_written, visit)

    @cached_property
    def where(self):
        """What tells its page from all others."""
        return (self.scheme, self.host, self.path, self.query)

    @cached_property
    def many(self):
        """Whether strangers can make as many of these as they like, by a query or a port of the host."""
        ours = str(urlsplit(settings.SITE_URL).port or "")
        return bool(self.query) or split_domain_port(self.host)[1] not in ("", ours)


# The values of a WSGI environ of which an address is made.
NAMING = (
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",  # settings.SECURE_PROXY_SSL_HEADER
    "HTTP_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
)
ASKED = "izmek.asked"  # where the first door puts by what it found out


@lru_cache(maxsize=1024)
def _address(*values):
    """Their Address, as a request of Django reads it, or None."""
    named = {name: value for name, value in zip(NAMING, values, strict=True) if value is not None}
    return Address.of(WSGIRequest({"REQUEST_METHOD": "GET", "wsgi.input": BytesIO(), **named}))


class Asked:
    """A request for a page that may be kept. `tag`: what its page would be filed under now."""

    def __init__(self, environ, address):
        self.environ, self.address, self.second = environ, address, int(time.time())
        environ[VISIT] = address.visit
        self.tag = _tag(standing(address.areas), address.where)

    @classmethod
    def by(cls, request):
        if settings.DEBUG or request.method not in ("GET", "HEAD"):
            return None
        address = Address.of(request)
        return address and cls(request.META, address)

    def answer(self, make):
        """The answer that is kept, or that of the site, which `make` gives."""
        ready = self.ready() or self._shared()
        return _response(*ready) if ready else self._make_alone(make)

    def ready(self):
        """(status, headers, body), if this process knows them."""
        known = self.environ.get("HTTP_IF_NONE_MATCH")
        if known and self.tag in cc_delim_re.split(known.strip()):
            headers = {"ETag": self.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
            return 304, [*headers.items(), *self._for_nginx()], b""
        for own in _own.values():
            page = own.get(self.address.where, self.tag)
            if page is not None:
                return self._given(page)
        return None

    def _shared(self):
        """The same, if another process has kept the page; this one keeps it now, too."""
        page = _shared.page(self.place, self.tag)
        if page is None:
            return None
        self._room_for(page).put(self.address.where, self.tag, page)
        return self._given(page)

    def _given(self, page):
        headers, body = page.headers_and_body(self.environ.get("HTTP_ACCEPT_ENCODING", ""))
        if self.environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        return page.status, [*headers, *self._for_nginx()], body

    def _for_nginx(self):
        """Until when nginx need not ask: a time long ago, or the end of the second in which it asked."""
        keeping = self.environ.get(ASKS_FOR_KEEPING)
        if keeping and self.address.as_written:
            yield "X-Accel-Expires", f"@{self.second if keeping == 'second' else 1}"

    def _room_for(self, page):
        """Of what strangers can make as many addresses as they like there is little."""
        return _own[self.address.many or page.status == 302]

    @property
    def place(self):
        many = self.address.many
        place = crc32(repr(self.address.where).encode()) % PLACES[many]
        return f"public:{'asked' if many else 'page'}:{place}"

    def _make_alone(self, make):
        """Make the page once nobody else on this host does; who waited finds it made. Not for ever."""
        end, waited = time.monotonic() + PATIENCE, False
        with _turn(self.tag) as is_ours:
            while not is_ours() and time.monotonic() < end:
                time.sleep(PAUSE)
                waited = True
                if ready := self.ready() or self._shared():
                    return _response(*ready)
            ready = waited and self._shared()  # it may have been made just before it was our turn
            return _response(*ready) if ready else self._make(make)

    def _make(self, make):
        response = _read(make, self.address.areas)
        if (
            response.status_code not in KEPT_STATUS
            or response.streaming
            or response.cookies
            or "cookie" in response.get("Vary", "").lower()
        ):
            return response
        page = Page(response, self.tag)
        self._room_for(page).put(self.address.where, self.tag, page)
        if page.status != 302:
            _shared.keep(self.place, self.tag, page)
        return _response(*self._given(page))


def _read(make, areas):
    """What `make()` gives, of rows no older than the state of the areas that was told last."""
    return follower.read(make, shows=partial(is_shown_by, areas))


def _response(status, headers, body):
    """The same as an answer of Django's."""
    if status == 302:
        response = HttpResponseRedirect(dict(headers)["Location"])
    elif status == 304:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, status=status)
    response.headers = ResponseHeaders(headers)
    return response


@contextmanager
def _turn(tag):
    """Give a function that says whether this page is ours to make: nobody else on this host makes it.

    A lock on one of some files: it costs the cache nothing, and is free again when its process dies.
    """
    name = f"izmek-{os.getuid()}-page-{crc32(tag.encode()) % TURNS}.lock"
    try:
        file = os.open(
            os.path.join(tempfile.gettempdir(), name), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600
        )
    except OSError:  # a full disk
        yield lambda: True
        return

    def is_ours():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield is_ours
    finally:
        os.close(file)


class Page:
    """An answer as it left the site: status, headers, bytes; compressed where that is worth it."""

    def __init__(self, response, tag):
        patch_vary_headers(response, ["Accept-Encoding"])
        response.headers["ETag"] = tag
        self.status, self.body = response.status_code, response.content
        self.headers = [pair for pair in response.items() if pair[0] != "Content-Length"]
        self.packed = len(self.body) >= WORTH_PACKING
        if self.packed:
            self.body = gzip.compress(self.body, 5, mtime=0)

    @property
    def size(self):
        return len(self.body) + 2000

    def headers_and_body(self, accepts):
        """For whoever accepts these encodings."""
        headers, body = self.headers, self.body
        if self.packed and _reads_gzip(accepts):
            headers = [*headers, ("Content-Encoding", "gzip")]
        elif self.packed:
            body = gzip.decompress(body)
        return [*headers, ("Content-Length", str(len(body)))], body


@lru_cache(maxsize=64)
def _reads_gzip(accepts):
    weights = {}
    for each in accepts.lower().split(","):
        name, _sign, weight = each.partition(";")
        weights[name.strip()] = weight.strip()
    return not NOT_READ.fullmatch(weights.get("gzip", "q=0"))


class Own:
    """The pages asked for last, up to so many bytes, in the memory of this process."""

    def __init__(self, room):
        self.room, self.used, self.pages, self.lock = room, 0, OrderedDict(), Lock()

    def get(self, where, tag):
        with self.lock:
            found = self.pages.get(where)
            if found is None or found[0] != tag:
                return None
            self.pages.move_to_end(where)
            return found[1]

    def put(self, where, tag, page):
        with self.lock:
            self._drop(where)
            self.pages[where] = (tag, page)
            self.used += page.size
            while self.used > self.room:
                self._drop(next(iter(self.pages)))

    def _drop(self, where):
        if where in self.pages:
            self.used -= self.pages.pop(where)[1].size


class Shared:
    """The cache that all processes share. While it is away, pages are made anew."""

    def page(self, place, tag):
        if is_away():
            return None
        try:
            found = cache.get(place)
        except Exception:  # whatever it holds that this release cannot read
            log.exception("A kept page cannot be read; it is made anew")
            return None
        return found[1] if found is not None and found[0] == tag else None

    def keep(self, place, tag, page):
        if not is_away():
            cache.set(place, (tag, page), LONGEST)

    def forget(self, places):
        if not is_away():
            cache.delete_many(places)


_own = {query: Own(room) for query, room in ROOM.items()}
_shared = Shared()


def once_for_now(name, make, *areas):
    """What `make()` gives, made once for this state of these areas (all); not while developing."""
    if settings.DEBUG:
        return make()
    areas = frozenset(areas) or EVERYTHING
    now = _tag(standing(areas), name)
    place = f"public:once:{name}"
    kept = _shared.page(place, now)
    if kept is None:
        kept = _read(make, areas)
        _shared.keep(place, now, kept)
    return kept


@lru_cache(maxsize=1024)
def _tag(standing, where):
    """What tells this page, as it has to be now, from all others and from itself at other times."""
    what = (standing, where, release())
    return f'W/"{hashlib.sha256(repr(what).encode()).hexdigest()[:32]}"'


def forget_shared():
    """Every page in the cache that all processes share: somebody was erased, who may stand on some.

    What is kept is never stale, but it lies there until it is replaced.
    """
    places = [
        f"public:{name}:{place}"
        for name, many in (("page", False), ("asked", True))
        for place in range(PLACES[many])
    ]
    for first in range(0, len(places), 500):
        _shared.forget(places[first : first + 500])
    forget()


def forget():
    """Everything that this process keeps."""
    for own in _own.values():
        own.pages.clear()
        own.used = 0
    _address.cache_clear()


def _kept_match(path):
    """The ResolverMatch of a path whose pages may be kept, or None."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    return match if hasattr(match.func, "kept") else None


def _query(query, asks):
    """The query string without what is empty or not asked for, in one order."""
    if not query or not asks:
        return ""
    given = QueryDict(query)
    return urlencode([(name, value) for name in asks if (value := given.get(name))])


@once
def release():
    """Tells this release and its settings from others. Part of every tag: an update ends what was kept.

    A release that has a name (settings.RELEASE) is told by it; else the bytes of its files count. Neither
    is the time of a file, so that all hosts agree.
    """
    database = settings.DATABASES["default"]
    seen = hashlib.sha256(repr([get_version(), database, *map(str, _set_up())]).encode())
    seen.update(settings.RELEASE.encode())
    if settings.RELEASE:
        return seen.hexdigest()
    names = {
        app.name.partition(".")[0] for app in apps.get_app_configs()
    }  # installed ones have no folder here
    files = (
        file
        for folder in names | {"templates", "locale", "static"}
        for file in (settings.BASE_DIR / folder).rglob("*.*")
        if file.suffix != ".pyc"
    )
    for file in sorted(files):
        if file.is_file():
            seen.update(f"{file}\0".encode())
            seen.update(file.read_bytes())
    return seen.hexdigest()


def _set_up():
    """The settings that are printed on pages or in their headers."""
    yield from (settings.SITE_NAME, settings.SITE_URL, settings.OPEN_DATA_TERMS)
    yield from (settings.CONTENT_SECURITY_POLICY, settings.STATIC_URL, settings.STORAGES)
    yield from (settings.SECURE_HSTS_SECONDS, settings.SECURE_REFERRER_POLICY)
    yield from (settings.X_FRAME_OPTIONS, settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
    yield settings.SIGN_INS_KEPT_DAYS
    yield from (key.id for key in signing.all_keys())
