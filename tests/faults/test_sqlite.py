"""SQLite, whose process is killed while it writes."""

import os
import subprocess
import sys

from benchmarks.servers import ROOT
from tests import environment


def test_killed_fifty_times_it_has_what_it_acknowledged(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killed_sqlite"],
        cwd=ROOT,
        env={
            **os.environ,
            **environment.VARIABLES,
            "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
            "DJANGO_SETTINGS_MODULE": "izmek.settings",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "50 kills" in done.stdout
