"""`python -m tests`: the whole suite, on SQLite and – where there is one – on PostgreSQL.

Ends by naming what it did not run; with CI=true that is a failure.
"""

import os
import shutil
import subprocess
import sys

from tests.postgresql import postgresql


def pytest(*arguments, **environment):
    """Run pytest in a process of its own; True when it passed."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}).returncode == 0


def main():
    ci = os.environ.get("CI") == "true"
    passed, left_out = [], []
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        left_out.append("tests in the browser (no Chromium: apt install chromium)")
    selected = [] if chromium else ["-m", "not browser"]
    with postgresql() as url:
        print("== SQLite", flush=True)
        passed.append(pytest(*selected, *sys.argv[1:]))
        if url:
            print("== PostgreSQL", flush=True)
            # The browser sees the same pages on either database; once is enough.
            passed.append(pytest("-m", "not browser", *sys.argv[1:], TEST_DATABASE_URL=url))
        else:
            left_out.append(
                "tests on PostgreSQL, with the races (none here: apt install postgresql)"
            )
    for name in left_out:
        print(f"Not run: {name}", file=sys.stderr)
    if not left_out:
        print("Nothing was left out.")
    sys.exit(not all(passed) or (ci and bool(left_out)))


if __name__ == "__main__":
    main()
