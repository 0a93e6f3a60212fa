"""SMTP that tells whether a letter that went wrong may have arrived all the same."""

import smtplib

from django.core.mail.backends import smtp


class MaybeSent(Exception):
    """The server had the whole letter and broke off before it said that it keeps it."""


class _Watched:
    answers = 0  # to the command DATA: one asks for the text, one says what became of it

    def data(self, msg):
        self.answers = 0
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:  # it said no
            raise
        except OSError as error:
            if self.answers:
                raise MaybeSent(str(error)) from error
            raise

    def getreply(self):
        reply = super().getreply()
        self.answers += 1
        return reply


class _Plain(_Watched, smtplib.SMTP):
    pass


class _Encrypted(_Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, but that it raises MaybeSent where nobody knows."""

    @property
    def connection_class(self):
        return _Encrypted if self.use_ssl else _Plain
