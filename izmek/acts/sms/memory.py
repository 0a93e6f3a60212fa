from izmek.acts.sms import MessageBackend

outbox = []  # [(number, text)]


class Memory(MessageBackend):
    """Keeps messages in a list: for tests."""

    def send(self, phone, text):
        outbox.append((phone.as_e164, text))
        return ""
