"""A gateway for text messages that does what a test wants of it, on loopback."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class FakeGateway:
    """`way`: how it answers a message. `asked`: what it was sent, as (path, headers, body)."""

    way: str = "takes"
    report: str = "waits"
    asked: list = field(default_factory=list)
    url: str = ""

    @property
    def messages(self):
        """The forms that it was sent, as dicts."""
        forms = (parse_qs(body) for path, _headers, body in self.asked if "/report" not in path)
        return [{name: value for name, (value,) in form.items()} for form in forms]

    @property
    def settings(self):
        """What makes the program use it."""
        return {
            "SMS_BACKEND": "gateway",
            "SMS_URL": f"{self.url}/send",
            "SMS_METHOD": "POST",
            "SMS_FORMAT": "form",
            "SMS_BODY": "user={user}&pass={password}&from={header}&to={number}&text={text}",
            "SMS_USER": "izmit",
            "SMS_PASSWORD": "s&cret=1",
            "SMS_HEADER": "IZMIT BLD",
            "SMS_TAKEN": r"^00 (?P<id>\d+)",
            "SMS_REFUSED": r"^\d\d\b",
            "SMS_REPORT_URL": f"{self.url}/report",
            "SMS_REPORT_BODY": "user={user}&job={id}",
            "SMS_DELIVERED": "^1$",
            "SMS_UNDELIVERED": r"^2(?: (?P<reason>.+))?$",
            "SMS_TIMEOUT": 0.5,
        }


ANSWERS = {
    "takes": (200, "00 4711"),
    "refuses": (200, "30 wrong password s&cret=1 for 905321112233"),
    "forbids": (403, "no"),
    "is busy": (503, "later"),
    "breaks": (500, "Traceback"),
    "talks nonsense": (200, "<html>Merhaba</html>"),
    "sends elsewhere": (302, ""),
    "says NUL": (200, "30 \0 no"),
}
# What it begins with, and what it goes on with without an end.
ENDLESS = {
    "dribbles a head": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "dribbles a body": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", b"?"),
    "never stops": (b"HTTP/1.0 200 OK\r\n\r\n", b"?" * 100_000),
}
REPORTS = {"waits": "0", "delivered": "1", "failed": "2 numara kapalı", "nonsense": "?"}


@contextmanager
def fake_gateway():
    """A FakeGateway that runs meanwhile."""
    gateway = FakeGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            gateway.asked.append((self.path, dict(self.headers), body))
            if "/report" in self.path:
                return self._say(200, REPORTS[gateway.report])
            if gateway.way == "hangs":
                time.sleep(1.5)
                return None
            if gateway.way in ENDLESS:
                return self._dribble(*ENDLESS[gateway.way])
            if gateway.way == "dies":
                self.connection.close()
                return None
            return self._say(*ANSWERS[gateway.way])

        do_GET = do_POST

        def _say(self, status, text):
            sent = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            if status == 302:
                self.send_header("Location", f"{gateway.url}/elsewhere")
            self.end_headers()
            self.wfile.write(sent)

        def _dribble(self, begin, again):
            try:
                self.wfile.write(begin)
                for _n in range(600):
                    self.wfile.write(again)
                    time.sleep(0.05)
            except OSError:
                self.close_connection = True

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, address):
            pass  # it died, as it should

    server = Server(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
