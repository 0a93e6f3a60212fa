import sys

from izmek.acts.sms import MessageBackend
from izmek.text.phones import show


class Console(MessageBackend):
    """Writes messages to the console: for a trial."""

    def send(self, phone, text):
        sys.stdout.write(f"SMS {show(phone)}\n{text}\n\n")
        return ""
