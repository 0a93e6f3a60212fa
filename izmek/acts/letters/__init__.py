"""Letters (e-mails and text messages): stored first, sent after the commit, tried again, seen in the admin.

The text is in `templates/letters/<kind>.<language>.txt`, with the subject on the first line; that of a text
message in `<kind>.sms.<language>.txt`. A thread of the process that wrote it sends it, one for e-mail and
one for SMS, so neither a request nor other work waits for a server. If the process ends or the server is
down, the letter is still a row, and `manage.py send_letters` sends all that are due.

After a crash an e-mail may arrive twice, but it is never lost. A text message never goes twice unless
somebody decides so: it is marked before it is handed over. What may have arrived – the server broke off
when it had the whole letter – is not sent again until somebody decides so.

What has waited is looked at again before it goes: an app tells whether it may still be sent, and nobody is
woken by a text message. What somebody sends again says what holds now, such as the end of an offer. An
app is told of those that failed for good: somebody has to call those people.

`kinds`: what apps say of their letters. `writing`: what they call. `sending`: one attempt after another.
`outcomes`: what is noted of an attempt. `reports`: whether a text message was delivered.
"""

from izmek.acts.letters.kinds import KINDS, LINK, Facts, in_words, register
from izmek.acts.letters.reports import ask_reports
from izmek.acts.letters.sending import ServerAway, deliver, send_due
from izmek.acts.letters.writing import render, render_text, resend, write, write_text

__all__ = [
    "KINDS",
    "LINK",
    "Facts",
    "ServerAway",
    "ask_reports",
    "deliver",
    "in_words",
    "register",
    "render",
    "render_text",
    "resend",
    "send_due",
    "write",
    "write_text",
]
