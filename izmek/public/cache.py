"""Public pages that are made once and kept, and never stale (DESIGN.md §6).

A view under `@reading` says `@cached(Area.…, asks=…)`: of which areas it is made (izmek/public/areas.py)
and which names it reads from the query string. The middleware `KeptPages`, before all others, then asks
the database one question and knows the page's *tag*: a hash of its address, the generation of its
areas, the local date, the next moment at which they change by the clock, and this release of the code.
The tag alone says whether a copy still holds:

- The browser or nginx sends it (If-None-Match): 304, without the page being made or looked up.
- This process holds the page under it, or the cache that all processes share does: the page as
  it left the site, all headers included, compressed for whoever accepts that.
- Else the page is made; by one process, while the others wait for it for some seconds.

So a commit, a moment or midnight makes another tag, and what was kept before is not looked at again. What
a view does not ask for is taken out of the address before the page is made: `?fbclid=…` makes no page of
its own, and stands in no link of one. Strangers can think of any number of searches, so pages are filed
under a fixed number of places, those with a query under few of their own, and the later page of a place
replaces the earlier: neither 10⁶ questions nor a year of changes fill the cache or push out what else
lies in it (the limits of forms and sign-ins).

Nothing here is needed: without the shared cache, pages are made anew. While developing (DEBUG) nothing is
kept, because templates and code change.
"""

import gzip
import hashlib
import logging
import re
import time
from collections import OrderedDict
from datetime import timedelta
from functools import cache as once
from functools import lru_cache
from threading import Lock
from urllib.parse import urlencode
from zlib import crc32

from django import get_version
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import get_bytes_from_wsgi
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import cc_delim_re, patch_vary_headers

from izmek.public.areas import EVERYTHING, generation, next_moment

log = logging.getLogger(__name__)

LONGEST = 6 * 60 * 60  # seconds that the shared cache keeps what nobody asks for
PLACES = {False: 4096, True: 1024}  # in the shared cache: of addresses without and with a query
ROOM = {False: 12 * 2**20, True: 4 * 2**20}  # bytes in each process, likewise
KEPT_STATUS = (200, 302, 410)  # a page, a short or old address, a withdrawn work
SKEW = timedelta(seconds=2)  # by which clocks may differ
PATIENCE = 5  # seconds to wait for who is making the same page
PAUSE = 0.02
WORTH_PACKING = 600  # bytes
# Sent by nginx, which keeps the bytes (deploy/nginx.conf): "ask" or "second".
ASKS_FOR_KEEPING = "HTTP_X_KEPT_PAGES"
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


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


class KeptPages:
    """Middleware: answer public pages from what is kept. It comes first: kept is what leaves the site."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = Asked.by(request)
        if asked is None:
            return self.get_response(request)
        now = int(time.time())
        response = asked.answer(lambda: self.get_response(request))
        keeping = asked.as_written and request.META.get(ASKS_FOR_KEEPING)
        if keeping and "ETag" in response and response.status_code in (304, *KEPT_STATUS):
            # Until when nginx need not ask: a time long ago, or the end of the second in which it asked.
            until = now if keeping == "second" else 1
            response.headers["X-Accel-Expires"] = f"@{until}"
        return response


class Asked:
    """A request for a page that may be kept. `tag`: what its page would be filed under now.

    `as_written`: nothing was taken out of its address, under which nginx keeps a page on its disk.
    """

    def __init__(self, request, areas, where, query, as_written):
        self.request, self.where, self.query = request, where, bool(query)
        self.as_written, self.tag = as_written, tag(areas, where)

    @classmethod
    def by(cls, request):
        """What is asked for, or None: not such a page, or an address that the site refuses anyway."""
        if settings.DEBUG or request.method not in ("GET", "HEAD"):
            return None
        view = _kept_view(request.path_info)
        if view is None:
            return None
        areas, asks = view
        try:
            written = get_bytes_from_wsgi(request.META, "QUERY_STRING", "")
            query = _query(written, asks)
            where = (request.scheme, request.get_host(), request.path, query)
        except SuspiciousOperation:
            return None
        request.META["QUERY_STRING"] = query
        return cls(request, areas, where, query, as_written=written == query.encode())

    def answer(self, make):
        known = self.request.META.get("HTTP_IF_NONE_MATCH")
        if known and self.tag in cc_delim_re.split(known.strip()):
            response = HttpResponseNotModified(
                headers={"ETag": self.tag, "Cache-Control": "no-cache"}
            )
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        page = self.kept()
        if page is not None:
            return page.response(self)
        return self._make_alone(make)

    def kept(self):
        """The page, if this process or another one has it."""
        for own in _own.values():
            page = own.get(self.where, self.tag)
            if page is not None:
                return page
        page = _shared.page(self.place, self.tag)
        if page is not None:
            self._room_for(page).put(self.where, self.tag, page)
        return page

    def _room_for(self, page):
        """Of what strangers can make as many addresses as they like there is little."""
        return _own[self.query or page.status == 302]

    @property
    def place(self):
        place = crc32(repr(self.where).encode()) % PLACES[self.query]
        return f"public:{'asked' if self.query else 'page'}:{place}"

    def _make_alone(self, make):
        """Make the page, or wait for the process that does; not for ever, it may have died."""
        lock = f"public:making:{self.tag}"
        if not _shared.lock(lock):
            page = self._wait(lock)
            if page is not None:
                return page.response(self)
            return self._make(make)
        try:
            return self._make(make)
        finally:
            _shared.unlock(lock)

    def _wait(self, lock):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(PAUSE)
            page = self.kept()
            if page is not None or not _shared.is_locked(lock):
                return page
        return None

    def _make(self, make):
        response = make()
        if (
            response.status_code not in KEPT_STATUS
            or response.streaming
            or response.cookies
            or "cookie" in response.get("Vary", "").lower()
        ):
            return response
        page = Page(response, self.tag)
        self._room_for(page).put(self.where, self.tag, page)
        if page.status != 302:
            _shared.keep(self.place, self.tag, page)
        return page.response(self)


class Page:
    """An answer as it left the site: status, headers, bytes; compressed ones where that is worth it."""

    def __init__(self, response, tag):
        patch_vary_headers(response, ["Accept-Encoding"])
        response.headers["ETag"] = tag
        self.status = response.status_code
        self.headers = [pair for pair in response.items() if pair[0] != "Content-Length"]
        self.plain = response.content
        self.packed = None
        if len(self.plain) >= WORTH_PACKING:
            self.packed = gzip.compress(self.plain, 5, mtime=0)

    def __getstate__(self):
        """For the shared cache: of two forms of the bytes, the smaller."""
        return {**self.__dict__, "plain": None if self.packed else self.plain}

    def __setstate__(self, state):
        self.__dict__.update(state)
        if self.plain is None:
            self.plain = gzip.decompress(self.packed)

    @property
    def size(self):
        return len(self.plain) + len(self.packed or b"") + 1000

    def response(self, asked):
        packed = self.packed and ACCEPTS_GZIP.search(
            asked.request.META.get("HTTP_ACCEPT_ENCODING", "")
        )
        content = self.packed if packed else self.plain
        body = content if asked.request.method == "GET" else b""
        if self.status == 302:
            response = HttpResponseRedirect(dict(self.headers)["Location"])
        else:
            response = HttpResponse(body, status=self.status)
        response.headers._store.clear()
        for name, value in self.headers:
            response.headers._store[name.lower()] = (name, value)
        if packed:
            response.headers._store["content-encoding"] = ("Content-Encoding", "gzip")
        response.headers._store["content-length"] = ("Content-Length", str(len(content)))
        return response


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
    """The cache that all processes share. When it fails, it is left alone for some seconds."""

    rest = 5

    def __init__(self):
        self.failed_at = None

    def page(self, place, tag):
        found = self._try(lambda: cache.get(place))
        return found[1] if found is not None and found[0] == tag else None

    def keep(self, place, tag, page):
        self._try(lambda: cache.set(place, (tag, page), LONGEST))

    def lock(self, name):
        """Whether the caller is the one to make the page; also when that cannot be known."""
        return self._try(lambda: cache.add(name, 1, 2 * PATIENCE)) is not False

    def is_locked(self, name):
        return bool(self._try(lambda: cache.get(name)))

    def unlock(self, name):
        self._try(lambda: cache.delete(name))

    def _try(self, ask):
        if self.failed_at is not None and time.monotonic() < self.failed_at + self.rest:
            return None
        try:
            answer = ask()
        except Exception:  # whatever a cache's client raises: pages are made without it
            log.exception("The cache does not answer; public pages are made anew")
            self.failed_at = time.monotonic()
            return None
        self.failed_at = None
        return answer


_own = {query: Own(room) for query, room in ROOM.items()}
_shared = Shared()


def once_for_now(name, make, *areas):
    """What `make()` gives, made once for this state of these areas (all); not while developing."""
    if settings.DEBUG:
        return make()
    place, now = f"public:once:{name}", tag(frozenset(areas) or EVERYTHING, name)
    kept = _shared.page(place, now)
    if kept is None:
        kept = make()
        _shared.keep(place, now, kept)
    return kept


def tag(areas, where):
    """What tells this page, as it has to be now, from all others and from itself at other times.

    What changed by the clock within SKEW counts as changing still: the database's clock and that of
    another host need not agree with ours to the millisecond, and a page that one of them made a moment too
    early is made anew when they all have passed it.
    """
    state, now = generation(areas), timezone.localtime()
    settled = now - SKEW
    moment = next_moment(areas, state, settled)
    what = (
        where,
        state,
        (settled.date(), now.date() != settled.date()),
        (moment, moment is not None and moment <= now),
        release(),
    )
    return f'W/"{hashlib.sha256(repr(what).encode()).hexdigest()[:32]}"'


def forget():
    """Everything that this process keeps; for tests."""
    for own in _own.values():
        own.pages.clear()
        own.used = 0
    _shared.failed_at = None


@lru_cache(maxsize=4096)
def _kept_view(path):
    """(areas, names) of the view behind a path, if its pages may be kept."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return getattr(resolve(path).func, "kept", None)
        except Resolver404:
            return None


def _query(query, asks):
    """The query string without what is empty or not asked for, in one order."""
    if not query or not asks:
        return ""
    given = QueryDict(query)
    return urlencode([(name, value) for name in asks if (value := given.get(name))])


@once
def release():
    """Tells this release and its settings from others. Part of every tag: an update ends what was kept.

    The bytes count, not the time of a file, so that all hosts agree.
    """
    names = {
        app.name.partition(".")[0] for app in apps.get_app_configs()
    }  # installed ones have no folder here
    files = (
        file
        for folder in names | {"templates", "locale", "static"}
        for file in (settings.BASE_DIR / folder).rglob("*.*")
        if file.suffix != ".pyc"
    )
    seen = hashlib.sha256(repr([get_version(), settings.DATABASES, *map(str, _set_up())]).encode())
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
