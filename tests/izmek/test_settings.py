"""What the environment sets, in a process of its own."""

import os
import subprocess
import sys

import pytest

SAY = """
import logging, django
from tests import environment
django.setup()
logging.getLogger("django.request").warning("Forbidden: /yonetim/")
logging.getLogger("trainees").error("broken")
"""


@pytest.mark.parametrize(
    ("level", "said"), [("INFO", ["Forbidden", "broken"]), ("ERROR", ["broken"])]
)
def test_the_level_of_the_log_holds_for_what_django_says_as_well(level, said):
    environment = {**os.environ, "LOG_LEVEL": level, "DJANGO_SETTINGS_MODULE": "izmek.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, check=True
    )
    assert [word for word in ("Forbidden", "broken") if word in done.stderr] == said


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"CERTIFICATE_KEYS": ""}, "CERTIFICATE_KEYS is not set"),
        ({"CERTIFICATE_KEYS": "trial:" + 43 * "A"}, "a key of a trial"),
    ],
)
def test_without_a_key_of_its_own_no_server_starts(variables, sentence):
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, "-c", "import izmek.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and sentence in done.stderr
    assert "Traceback" not in done.stderr
