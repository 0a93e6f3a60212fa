"""`python -m benchmarks.measure`: measures one town, as a program of its own on its database.

The environment says where the servers are (`servers.serving`). Prints one line of JSON for each row:
{"section", "name", figures …}, or "error" with what went wrong.
"""

import json
import os
import sys
import time
from functools import partial
from itertools import cycle, islice

import django

django.setup()

from django.core.cache import cache  # noqa: E402

from benchmarks import rows  # noqa: E402
from benchmarks.load import (  # noqa: E402
    CLIENTS,
    Browser,
    Peak,
    at_once,
    expect,
    family,
    resident,
    spread,
    timed,
    wrk,
)
from benchmarks.town import Town  # noqa: E402
from izmek.public.areas import note_change  # noqa: E402

SERVERS = ("PROGRAM", "EMPTY", "NGINX", "SECOND")
PROGRAM, EMPTY, NGINX, SECOND = (os.environ.get(f"BENCH_{name}", "") for name in SERVERS)


class Measuring:
    def __init__(self, quick):
        self.quick = quick
        self.town = Town(partial(Browser, PROGRAM))
        self.processes = [int(pid) for pid in os.environ["BENCH_PROCESSES"].split()]
        self.seconds = 1 if quick else 3
        self.times = 2 if quick else 7

    def row(self, section, name, how):
        """Measure one row and print it; an error is a row too."""
        try:
            figures = how()
        except Exception as error:
            figures = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"section": section, "name": name, **figures}), flush=True)

    # --- Sections -------------------------------------------------------------------------------

    def public(self):
        self.row("public", "empty view, Django alone", lambda: self._yardstick(EMPTY))
        self.row("public", "empty view, the site’s middleware", lambda: self._yardstick(PROGRAM))
        self.row("public", "static file of nginx", self._static)
        for name, _user, where in rows.PAGES:
            self.row("public", name, lambda where=where: self._page(where(self.town)))

    def _yardstick(self, server):
        return {
            "warm": wrk(f"{server}/bos/", self.seconds),
            "nginx": wrk(f"{NGINX}/bos/", self.seconds),
        }

    def _static(self):
        return {"nginx": wrk(f"{NGINX}/static/bos.html", self.seconds)}

    def _page(self, path):
        def cold():
            cache.clear()
            note_change()  # as who saves something: every process makes its pages anew
            return expect(self.town.visitor.get(path), 200)

        cold()  # what is made once in a process is made now
        figures = {"cold": timed(cold, self.times)}
        warm = expect(self.town.visitor.get(path), 200)
        figures |= {"queries": warm.queries, "bytes": len(warm.body)}
        for name, server in (("warm", PROGRAM), ("nginx", NGINX), ("second", SECOND)):
            expect(Browser(server).get(path), 200)
            figures[name] = self._rate(server, path)
        return figures

    def _rate(self, server, path):
        """Many requests at once; in a quick run a few, since there it is no figure that counts."""
        if not self.quick:
            return wrk(server + path, self.seconds)
        began = time.perf_counter()
        asks = [partial(Browser(server).get, path)] * 3
        times = at_once([asks] * CLIENTS)
        return {"rate": len(times) / (time.perf_counter() - began), **spread(times)}

    def staff(self):
        for name, user, where in rows.STAFF:
            browser = self.town.signed_in(user)

            def ask(where=where, browser=browser):
                return expect(browser.get(where(self.town)), 200)

            self.row("staff", f"{name} ({user})", lambda ask=ask: self._warm(ask))

    def lists(self):
        """The manager's in every way that they can be asked; of an officer's, whose rows are parted."""
        for user in ("yonetici",) if self.quick else ("yonetici", "merkez"):
            for name, ask in rows.admin_lists(self.town, user, every=not self.quick):
                self.row("lists", f"{name} ({user})", lambda ask=ask: self._warm(ask))

    def _warm(self, ask, times=None):
        ask()
        return timed(ask, times or self.times)

    def acts(self):
        times = 10 if self.quick else 60
        for name, user, how in rows.ACTS:
            browser = self.town.signed_in(user)
            ask = partial(how, self.town, browser)
            cache.clear()  # the limits count the acts of one person
            self.row("acts", name, lambda ask=ask: self._warm(ask, times))
            cache.clear()
            several = [
                partial(how, self.town, self.town.signed_in(user)) for _one in range(CLIENTS)
            ]
            calls = [[ask] * (times // 2) for ask in several]
            self.row("acts", f"{name}, four at once", lambda calls=calls: spread(at_once(calls)))

    def heavy(self):
        for name, user, how, quick in rows.HEAVY:
            if quick or not self.quick:
                self.row("heavy", name, lambda how=how, user=user: self._heavy(how, user))

    def _heavy(self, how, user):
        steps = how(self.town, self.town.signed_in(user))
        next(steps)
        with Peak([*self.processes, os.getpid()]) as peak:  # a row may run a command
            list(steps)
        return {"seconds": peak.seconds, "mb": peak.mb}

    def memory(self):
        """What a worker holds after many requests of every kind."""
        total = 120 if self.quick else 10_000
        visits = [
            lambda where=where: expect(self.town.visitor.get(where(self.town)), 200)
            for _name, _user, where in rows.PAGES
        ]
        for _name, user, where in rows.STAFF:
            browser = self.town.signed_in(user)
            visits.append(
                lambda where=where, browser=browser: expect(browser.get(where(self.town)), 200)
            )
        visits += [ask for _name, ask in rows.admin_lists(self.town, "yonetici", False)]
        for done in ("at rest", "after half", f"after {total:,}"):
            self.row("memory", f"largest worker {done}", self._workers)
            if done != f"after {total:,}":
                calls = list(islice(cycle(visits), total // 2 // CLIENTS))
                at_once([calls] * CLIENTS)

    def _workers(self):
        workers = family(self.processes[0])[1:]
        return {"mb": max(map(resident, workers))}


SECTIONS = ("public", "staff", "lists", "acts", "heavy", "memory")


def main(chosen, quick):
    measuring = Measuring(quick)
    for section in SECTIONS:
        if section in chosen:
            began = time.monotonic()
            print(f"{section} …", file=sys.stderr, flush=True)
            getattr(measuring, section)()
            print(f"{section}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1].split(","), quick="quick" in sys.argv[2:])
