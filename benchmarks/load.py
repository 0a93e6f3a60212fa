"""How it is measured: one request at a time with its queries, many at once with wrk, memory from /proc."""

import contextlib
import gzip
import http.client
import re
import statistics
import subprocess
import threading
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

LUA = Path(__file__).parent / "load.lua"
CLIENTS = 4
TOKEN = "b" * 32  # of CSRF: cookie and form carry the same


class Failed(Exception):
    """An answer that is not the one to be measured."""


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    ms: float

    @property
    def text(self):
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    @property
    def queries(self):
        return int(self.headers.get("x-queries", -1))


class Browser:
    """Somebody at the site: keeps the cookies that signing in gives; every request is timed."""

    def __init__(self, address, cookies=None):
        self.address = urllib.parse.urlsplit(address)
        self.cookies = {"csrftoken": TOKEN, **(cookies or {})} if cookies else {}

    def get(self, path, **headers):
        return self._ask("GET", path, None, headers)

    def post(self, path, fields, **headers):
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, **fields}, doseq=True)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask("POST", path, body.encode(), headers)

    def upload(self, path, fields, name, file, **headers):
        edge = "benchmark-edge"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {"csrfmiddlewaretoken": TOKEN, **fields}.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{Path(file).name}"'
        parts += [
            f"{head}\r\n\r\n".encode(),
            Path(file).read_bytes(),
            f"\r\n--{edge}--\r\n".encode(),
        ]
        headers["Content-Type"] = f"multipart/form-data; boundary={edge}"
        return self._ask("POST", path, b"".join(parts), headers)

    def _ask(self, method, path, body, headers):
        connection = http.client.HTTPConnection(
            self.address.hostname, self.address.port, timeout=300
        )
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Accept-Encoding": "gzip", "X-Count": "1", **headers}
        sent |= {"Cookie": cookies} if cookies else {}
        began = time.perf_counter()
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        ms = (time.perf_counter() - began) * 1000
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, given, content, ms)


def said(page):
    """The words of a page, without its head and what all pages have."""
    main = page.partition("<main")[2].partition(">")[2].partition("</main>")[0] or page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:300]


def expect(answer, *statuses):
    """The answer, if it has one of the statuses; else Failed."""
    if answer.status not in statuses:
        raise Failed(f"status {answer.status}: {said(answer.text)}")
    return answer


def timed(ask, times):
    """p50 and p95 in ms, the queries and bytes of the last answer, of that many calls of `ask`."""
    answers = [ask() for _time in range(times)]
    last = answers[-1]
    return {**spread([one.ms for one in answers]), "queries": last.queries, "bytes": len(last.body)}


def spread(times):
    times = sorted(times)
    return {
        "p50": statistics.median(times),
        "p95": times[min(len(times) - 1, int(len(times) * 0.95))],
    }


def at_once(asks):
    """The times in ms of lists of calls, each list in a thread of its own."""
    times, errors = [], []

    def work(calls):
        try:
            for call in calls:
                times.append(call().ms)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(calls,)) for calls in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return times


def wrk(address, seconds):
    """Requests per second, p50 and p95 in ms, of some clients that ask as fast as they can."""
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(LUA)]
    done = subprocess.run(
        [*command, "-H", "Accept-Encoding: gzip", address],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rate, p50, p95, failed, answers = map(float, re.search(r"RESULT (.*)", done.stdout)[1].split())
    if failed or not answers:
        raise Failed(f"{failed:.0f} of {answers:.0f} answers failed: {address}")
    return {"rate": rate, "p50": p50, "p95": p95}


# --- Memory -------------------------------------------------------------------------------------


def family(pid):
    """A process and all that come from it."""
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                left += map(int, (task / "children").read_text().split())
    return found


def memory(pids):
    """What processes hold together, in MB; what they share is counted once."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss: +(\d+)", text, re.M)[1])
    return total / 1024


def resident(pid):
    """What one process holds, in MB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


class Peak:
    """The most memory that processes and their families take in a block, above what they had before."""

    def __init__(self, pids):
        self.pids = pids

    def _now(self):
        return memory(one for pid in self.pids for one in family(pid))

    def __enter__(self):
        self.before = self.most = self._now()
        self.ended = threading.Event()
        self.watch = threading.Thread(target=self._watch)
        self.watch.start()
        self.began = time.perf_counter()
        return self

    def _watch(self):
        while not self.ended.wait(0.1):
            self.most = max(self.most, self._now())

    def __exit__(self, *_error):
        self.seconds = time.perf_counter() - self.began
        self.ended.set()
        self.watch.join()
        self.mb = self.most - self.before
