"""A mail server that does what a test wants of it: takes letters, refuses, hangs, breaks off after DATA."""

import socket
import threading
from contextlib import contextmanager


class MailServer:
    """`way`: "takes", "refuses", "hangs" or "breaks off". `letters`: what it had whole."""

    def __init__(self):
        self.way, self.letters = "takes", []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _address = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=[client], daemon=True).start()

    def _talk(self, client):
        with client, client.makefile("rwb") as lines:

            def say(line):
                lines.write(f"{line}\r\n".encode())
                lines.flush()

            if self.way == "hangs":
                client.recv(1 << 20)
                threading.Event().wait(60)
                return
            say("220 here")
            try:
                for line in lines:
                    word = line[:4].upper()
                    if word == b"DATA":
                        say("354 go on")
                        letter = []
                        for part in lines:
                            if part == b".\r\n":
                                break
                            letter.append(part)
                        self.letters.append(b"".join(letter).decode())
                        if self.way == "breaks off":
                            return
                        say("250 kept")
                    elif word == b"RCPT" and self.way == "refuses":
                        say("550 not here")
                    elif word == b"QUIT":
                        say("221 bye")
                        return
                    else:
                        say("250 yes")
            except OSError:
                return


@contextmanager
def mail_server():
    made = MailServer()
    try:
        yield made
    finally:
        made.socket.close()
