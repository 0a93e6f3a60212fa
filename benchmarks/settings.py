"""The site's settings; only the addresses differ, by the empty view that the pages are compared with."""

from izmek.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
