"""Which commit is the release before, for the test of the upgrade."""

import shutil
import subprocess

import pytest

from tests import releases

FIRST, SECOND = "0001_initial", "0002_more"


@pytest.fixture
def repository(tmp_path):
    """(its folder, its commits): a migration, some text, another migration, some text."""
    folder, commits = tmp_path / "clone", []
    (folder / "shop/migrations").mkdir(parents=True)
    who = ["-c", "user.name=Zeynep", "-c", "user.email=zeynep@izmek.example"]
    releases.git("init", "--quiet", root=folder)
    files = (f"shop/migrations/{FIRST}.py", "one.txt", f"shop/migrations/{SECOND}.py", "two.txt")
    for name in files:
        (folder / name).write_text(name)
        releases.git("add", ".", root=folder)
        releases.git(*who, "commit", "--quiet", "-m", name, root=folder)
        commits.append(releases.git("rev-parse", "HEAD", root=folder))
    return folder, commits


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ([SECOND], 1),
        ([SECOND, "0003_not_committed"], 1),
        (["0003_not_committed"], 3),
        ([], 1),  # all are released: that before the newest
    ],
)
def test_it_is_the_last_without_the_new_migrations(repository, monkeypatch, new, expected):
    folder, commits = repository
    monkeypatch.setattr(releases, "unreleased", lambda: [("shop", name) for name in new])
    assert releases.before(folder) == commits[expected]


def test_a_clone_without_history_is_told_how_to_get_it(repository, tmp_path):
    folder, _commits = repository
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{folder}", str(shallow)], check=True
    )
    with pytest.raises(releases.NoRelease, match="git fetch --unshallow"):
        releases.before(shallow)
    shutil.rmtree(shallow / ".git")
    with pytest.raises(releases.NoRelease, match="take a clone"):
        releases.before(shallow)


def test_its_files_and_those_of_now_are_put_side_by_side(repository, tmp_path):
    folder, commits = repository
    (folder / ".gitignore").write_text("secret\n")
    for name in ("secret", "new.txt"):
        (folder / name).touch()
    (folder / "one.txt").unlink()
    for name in ("old", "now"):
        (tmp_path / name).mkdir()
    releases.unpack(commits[1], tmp_path / "old", folder)
    releases.copy(tmp_path / "now", folder)
    assert {file.name for file in (tmp_path / "old").glob("*.txt")} == {"one.txt"}
    assert {file.name for file in (tmp_path / "now").glob("*")} == {
        ".gitignore",
        "new.txt",
        "shop",
        "two.txt",
    }


def test_more_packages_do_no_harm_and_others_are_named(tmp_path, monkeypatch):
    ours = sorted(releases.packages(releases.ROOT))
    assert len(ours) > 20
    (tmp_path / "requirements.txt").write_text("\n".join(ours[1:]))
    assert releases.environment(tmp_path) == releases.Path(releases.sys.prefix)
    monkeypatch.setattr(releases, "KEPT", tmp_path / "kept")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "requirements.txt").write_text("no-such-package==0.0.1 \\\n    --hash=sha256:00\n")
    with pytest.raises(releases.NoRelease, match=r"no-such-package==0\.0\.1"):
        releases.environment(tmp_path)
