"""Browser and device in words, so that users can tell whether a sign-in was theirs."""

from django.utils.translation import gettext as _

# The order matters: Edge also calls itself Chrome and Safari, an iPhone also Mac OS X.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
DEVICES = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
]


def in_words(user_agent):
    """ "Chrome, Android" for the User-Agent of a request, or "Unknown device"."""
    known = [
        next((name for sign, name in names if sign in user_agent), None)
        for names in (BROWSERS, DEVICES)
    ]
    return ", ".join(name for name in known if name) or _("Unknown device")
