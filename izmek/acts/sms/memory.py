from izmek.acts.sms import Backend

outbox = []  # [(number, text)]


class Memory(Backend):
    """Keeps messages in a list: for tests."""

    def send(self, phone, text):
        outbox.append((phone.as_e164, text))
        return ""
