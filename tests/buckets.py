"""A fake S3-compatible store (moto) on loopback, and one that answers like one in trouble."""

import logging
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BUCKET = "izmek"
WAYS = ("unavailable", "denies", "hangs", "refuses")
HALVES = ("breaks off", "falls silent", "is gone")
SIZE = 1000  # bytes of each file of a store that gives halves


class Bucket:
    """An empty bucket; `storage` is what MEDIA_STORAGE says of it."""

    def __init__(self, address):
        self.storage = storage(address)
        options = self.storage["OPTIONS"]
        import boto3  # here: to read it and moto takes seconds, of every run that looks for tests

        self.client = boto3.client(
            "s3",
            endpoint_url=address,
            aws_access_key_id=options["access_key"],
            aws_secret_access_key=options["secret_key"],
            region_name=options["region_name"],
        )
        self.client.create_bucket(Bucket=BUCKET)
        self.empty()

    def names(self):
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [one["Key"] for one in found]

    def read(self, name):
        return self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read()

    def empty(self):
        for name in self.names():
            self.client.delete_object(Bucket=BUCKET, Key=name)


def storage(address):
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": address,
        "access_key": "a-name",
        "secret_key": "of-tests-alone",
        "region_name": "us-east-1",
        "addressing_style": "path",
    }
    return {"BACKEND": "izmek.media.bucket.BucketStorage", "OPTIONS": options}


@contextmanager
def store():
    """Give the Bucket of a store that lasts as long as the block."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Bucket(f"http://{host}:{port}")
    finally:
        server.stop()


@contextmanager
def of_halves(way):
    """Give the address of a store that has each file, and goes wrong in one of HALVES when it is read."""

    class Answer(BaseHTTPRequestHandler):
        def begin(self, status, size):
            self.send_response(status)
            self.send_header("Content-Length", str(size))
            self.end_headers()

        def do_HEAD(self):
            self.begin(200, SIZE)

        def do_GET(self):
            if way == "is gone":
                text = b"<Error><Code>NoSuchKey</Code><Message>-</Message></Error>"
                self.begin(404, len(text))
                self.wfile.write(text)
                return
            self.begin(200, SIZE)
            self.wfile.write(bytes(SIZE // 2))
            if way == "falls silent":
                self.wfile.flush()
                time.sleep(2)
            self.close_connection = True

        def log_message(self, *_arguments):
            pass

    with _serving(Answer) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def _serving(answer):
    server = ThreadingHTTPServer(("127.0.0.1", 0), answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def in_trouble(way):
    """Give the address of a store that is in trouble in one of WAYS."""

    class Answer(BaseHTTPRequestHandler):
        def answer(self):
            if way == "hangs":
                time.sleep(5)
                return
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            code, name = (403, "AccessDenied") if way == "denies" else (503, "ServiceUnavailable")
            text = f"<Error><Code>{name}</Code><Message>-</Message></Error>".encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer

        def log_message(self, *_arguments):
            pass

    with _serving(Answer) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        if way != "refuses":
            yield address
    if way == "refuses":
        yield address
