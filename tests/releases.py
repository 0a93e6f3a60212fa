"""The release before this one, out of git: what an upgrade begins with.

There are no tags. The migrations that municipalities have run stand in tests/migrations.py (RELEASED), so
the release before is the last commit that had no newer one.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from tests.migrations import unreleased

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "releases"  # packages of releases before, where they are others than ours


class NoRelease(Exception):
    """The release before cannot be had; the message tells what to do."""


def git(*arguments, root=ROOT):
    """What git answers, as text. Raises NoRelease where there is no history."""
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoRelease(
            f"The release before comes out of git, and git says: {done.stderr.strip()}. An unpacked "
            "archive has no history; take a clone."
        )
    return done.stdout.strip()


def before(root=ROOT):
    """The commit of the release before the files in `root`.

    The last one without the migrations that no release has brought yet; where all were brought, the last
    one without the newest. Raises NoRelease where git does not know it.
    """
    if git("rev-parse", "--is-shallow-repository", root=root) == "true":
        raise NoRelease(
            "This clone has no history, so the release before cannot be taken out of it: "
            "git fetch --unshallow"
        )
    added = ["log", "--topo-order", "--no-renames", "--diff-filter=A", "--format=%H", "--"]
    new = [f"{app}/migrations/{name}.py" for app, name in unreleased()]
    if not new:
        return git(
            "rev-parse", f"{git(*added, '*/migrations/0*.py', root=root).split()[0]}^", root=root
        )
    commits = git(*added, *new, root=root).split()
    return git("rev-parse", f"{commits[-1]}^" if commits else "HEAD", root=root)


def unpack(commit, folder, root=ROOT):
    """Put the files of a commit into a folder."""
    archive = ["git", "-c", "safe.directory=*", "archive", commit]
    with subprocess.Popen(archive, cwd=root, stdout=subprocess.PIPE) as files:
        subprocess.run(["tar", "-x", "-C", str(folder)], stdin=files.stdout, check=True)
    if files.returncode:
        raise NoRelease(f"git has no files of {commit}.")


def copy(folder, root=ROOT):
    """Put the files of now into a folder, committed or not, as deploy/install.sh does."""
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", root=root)
    there = "\0".join(name for name in names.split("\0") if name and (root / name).exists())
    tar = ["tar", "-c", "--null", "--no-recursion", "-T", "-"]
    packed = subprocess.run(tar, cwd=root, input=there.encode(), stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)


def packages(folder):
    """What a release is installed with: its lines of requirements.txt, without the hashes."""
    text = (Path(folder) / "requirements.txt").read_text()
    return set(re.findall(r"^[A-Za-z0-9][^\\\n]*==[^\\\n]*", text, re.M))


def environment(folder):
    """The virtual environment for the release in a folder.

    Ours, if it has each package of that release in the same version: more of them do no harm. Else one of
    its own, made as deploy/install.sh makes it and kept in var/: no municipality runs an older release on
    newer packages, and a commit whose packages are still ours may have all migrations already. Raises
    NoRelease if they cannot be installed.
    """
    others = sorted(packages(folder) - packages(ROOT))
    if not others:
        return Path(sys.prefix)
    text = (Path(folder) / "requirements.txt").read_bytes()
    made = KEPT / hashlib.sha256(text).hexdigest()[:12]
    if not (made / ".complete").exists():
        print(
            f"The release before runs on other packages, which are installed: {', '.join(others)}"
        )
        options = [
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        make = [
            [sys.executable, "-m", "venv", "--clear", str(made)],
            [f"{made}/bin/pip", "install", *options, "-r", f"{folder}/requirements.txt"],
        ]
        for command in make:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise NoRelease(
                    f"The release before runs on other packages than this one ({', '.join(others)}), "
                    f"and they could not be installed: {done.stderr[-500:]}"
                )
        (made / ".complete").touch()
    return made
