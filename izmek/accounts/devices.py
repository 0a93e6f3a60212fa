"""A browser and a device in words, for people who ask themselves "was that me?"."""

from django.utils.translation import gettext as _

# In this order: an Edge also calls itself Chrome and Safari, an iPhone also Mac OS X.
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
    """ "Chrome, Android" for the User-Agent of a request; says so when it is not a known one."""
    known = [
        next((name for sign, name in names if sign in user_agent), None)
        for names in (BROWSERS, DEVICES)
    ]
    return ", ".join(name for name in known if name) or _("Unknown device")
