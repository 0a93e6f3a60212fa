"""One record of the log is one line, whatever a stranger has put into it."""

import logging


class LineFormatter(logging.Formatter):
    r"""What does not print (ends of lines, escapes of terminals, halves of letters) becomes `\n`, `\x1b` …

    The lines of a traceback stay lines, each behind a bar: none of them can be taken for a record.
    """

    def formatMessage(self, record):
        return _printable(super().formatMessage(record))

    def formatException(self, error):
        return _barred(super().formatException(error))

    def formatStack(self, stack):
        return _barred(super().formatStack(stack))


def _printable(text):
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def _barred(text):
    return "\n".join(f"  | {_printable(line)}" for line in text.split("\n"))
