"""The browser of the tests: Debian's, never one that Playwright downloads."""

import shutil

# The shell draws nothing on a screen, and is two thirds of the work for the same pages.
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium():
    """The path of the first that is there, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
