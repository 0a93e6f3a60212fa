"""deploy/: what a server runs exists, and what the docs ask for is run."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import make_server

import pytest
import yaml
from django.core.management import get_commands
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.translation import override

from izmek import settings as settings_module
from izmek.watching.visits import MAY_TELL

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
SCRIPTS = [*DEPLOY.glob("*.sh"), DEPLOY / "izmek"]


def nightly():
    loop = re.search(r"for command in (.*?)\ndo", (DEPLOY / "nightly.sh").read_text(), re.S)
    return set(loop[1].replace("\\", "").split())


def by_timers():
    """What the timers run: commands, by their units."""
    started = {
        re.search(r"^Unit=(.+)$", timer.read_text(), re.M)[1] for timer in UNITS.glob("*.timer")
    }
    return {
        unit.removeprefix("izmek@").removesuffix(".service")
        for unit in started
        if unit.startswith("izmek@")
    } | (nightly() if "izmek-nightly.service" in started else set())


def test_every_command_of_a_unit_exists():
    text = "\n".join(file.read_text() for file in [*UNITS.iterdir(), *SCRIPTS])
    named = set(re.findall(r"python manage\.py (\w+)", text)) | by_timers()
    named |= set(re.findall(r"^ *izmek (\w+) ", text, re.M))
    assert named <= set(get_commands())
    assert {"db_worker", "migrate", "first_manager", "doctor"} <= named


def test_every_upkeep_of_the_docs_has_a_timer():
    told = (ROOT / "docs" / "operating.md").read_text().partition("## Upkeep")[2]
    rows = re.findall(r"^\| `manage\.py (\w+)[^|]*\| ([^|]+) \|", told, re.M)
    regular = {command for command, when in rows if "as needed" not in when}
    assert len(regular) > 8
    assert by_timers() == regular


def test_timers_start_units_that_exist():
    for timer in UNITS.glob("*.timer"):
        unit = re.search(r"^Unit=(.+)$", timer.read_text(), re.M)[1]
        assert (UNITS / re.sub(r"@.+\.", "@.", unit)).exists(), timer.name


def test_services_may_write_nowhere_but_in_their_folder():
    for service in UNITS.glob("*.service"):
        lines = service.read_text().splitlines()
        assert {"User=izmek", "NoNewPrivileges=yes", "ProtectSystem=strict"} <= set(lines)
        assert [line for line in lines if line.startswith("ReadWritePaths")] == [
            "ReadWritePaths=/var/lib/izmek"
        ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_programs(script):
    shell = "bash" if "bash" in script.read_text().partition("\n")[0] else "sh"
    subprocess.run([shell, "-n", script], check=True)
    assert os.access(script, os.X_OK)


def test_the_environment_file_explains_itself():
    """Every setting is one of the program's (or of gunicorn's), under words about it."""
    source = Path(settings_module.__file__).read_text()
    source += (DEPLOY / "gunicorn.conf.py").read_text()
    before = ""
    for line in (DEPLOY / "izmek.env").read_text().splitlines():
        if setting := re.match(r"#?([A-Z_]+)=", line):
            name = setting[1].removesuffix("_FILE")
            assert f'"{name}"' in source or name == "TMPDIR", line
            assert before, f"nothing explains {line}"
        before = line


def test_gunicorn_writes_no_log_of_visits_of_its_own():
    """It would hold what people searched for."""
    configured = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["logconfig_dict"]
    assert configured["loggers"]["gunicorn.access"]["level"] == "CRITICAL"
    assert list(configured["handlers"]) == configured["root"]["handlers"] == ["console"]


def test_measurements_of_a_killed_gunicorn_are_cleared_away(monkeypatch, tmp_path):
    for name in ("TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"METRICS_{name}", raising=False)
    monkeypatch.setenv("METRICS_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # so that it is put back
    configured = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    begin = configured["on_starting"]
    begin.__globals__["READY"] = tmp_path / "1.again.ready"
    left = tmp_path / "1.again.metrics" / "counter_0.db"
    for _time in range(2):
        begin(None)
        assert Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]) == left.parent
        assert not left.exists() and left.parent.stat().st_mode & 0o777 == 0o700
        left.touch()
    configured["on_exit"](None)
    assert not left.parent.exists()


@pytest.mark.parametrize(
    ("before", "clock", "expected"),
    [
        ((), False, {"izmek-a.timer", "izmek-b.timer"}),
        (("izmek-a.timer",), True, {"izmek-b.timer"}),
        (("izmek-a.timer",), False, set()),  # of several hosts another one runs them
        (("izmek-a.timer", "izmek-b.timer"), True, set()),
    ],
)
def test_a_timer_that_was_switched_off_stays_off(tmp_path, before, clock, expected):
    script = (DEPLOY / "install.sh").read_text()
    functions = re.findall(r"^(?:runs_the_clock|new_timers)\(\) \{.+?^\}$", script, re.S | re.M)
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(
        f'#!/bin/sh\n[ "$*" = "is-enabled --quiet izmek-a.timer" ] && {clock}\n'.lower()
    )
    systemctl.chmod(0o755)
    both = ("izmek-a.timer", "izmek-b.timer")
    for folder, names in (("release/deploy/systemd", both), ("units", before)):
        (tmp_path / folder).mkdir(parents=True)
        for name in names:
            (tmp_path / folder / name).touch()
    if before:
        (tmp_path / "releases.log").touch()
    variables = {"home": tmp_path, "release": tmp_path / "release", "units": tmp_path / "units"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join([*functions, "new_timers"])],
        env={
            **os.environ,
            **{name: str(path) for name, path in variables.items()},
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == expected


def test_no_log_of_nginx_holds_a_query():
    text = (DEPLOY / "nginx.conf").read_text()
    form = re.search(r"log_format izmek ([^;]+);", text)[1]
    assert not {"$request ", "$request'", "$request_uri", "$args", "$query_string"} & set(
        re.findall(r"\$\w+.?", form)
    )
    assert "$izmek_address" in form and "$request_id" in form
    servers = text.count("server_name @HOST@;")
    assert (
        text.count("access_log @LOG@ izmek;") + text.count("access_log off;\n    error_log")
        == servers
    )
    assert text.count("error_log /dev/null emerg;") == servers


def doors(patterns, before=""):
    """Addresses with a part that opens a door or is somebody's, as they are written in the URLs."""
    for one in patterns:
        route = before + str(one.pattern).lstrip("^")
        if hasattr(one, "url_patterns"):
            yield from doors(one.url_patterns, route)
        elif MAY_TELL.search(route):
            yield f"/{route}"


# No door: behind a sign-in, asked each time, or a word of ours.
OPEN = ("/yonetim/", "/ogretmen/", "/gorsel/", "/sitemap-")


@pytest.mark.parametrize("language", ["tr", "en"])
def test_nginx_logs_no_door_and_no_number(language):
    block = re.search(
        r"map \$uri \$izmek_address \{(.+?)\n\}", (DEPLOY / "nginx.conf").read_text(), re.S
    )
    forms = [line.strip().strip('"') for line in block[1].splitlines() if "~" in line]
    secret, number = (
        re.compile(form[1:].partition(" ")[0].strip('"').replace("(?<", "(?P<")) for form in forms
    )
    with override(language):
        found = [door for door in doors(get_resolver().url_patterns) if not door.startswith(OPEN)]
    assert len(found) > 5
    assert [door for door in found if not secret.search(door)] == []
    assert number.search("/merkezler/10000000146/") and number.search("/05321234567")
    assert not number.search("/eserler/2023-0142/") and not number.search("/sergiler/bahar-2024/")


# Settings of docs/operating.md that an operator of an installed server never touches.
OF_NO_USE = {
    "DEBUG": "a trial's",
    "HTTPS": "nginx does TLS, always",
    "STATIC_ROOT": "the installer's, with the release",
    "COLLECTED_STATIC": "the installer's, with the release",
    "RELEASE": "the file beside manage.py",
    "SMS_": "two examples stand there, the docs have the others",
}


def test_the_environment_file_names_every_setting():
    told = (ROOT / "docs" / "operating.md").read_text()
    rows = re.findall(r"^\| (`[A-Z_]+`[^|]*) \|", told.partition("## Settings")[2], re.M)
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert len(documented) > 50
    text = (DEPLOY / "izmek.env").read_text()
    named = {name.removesuffix("_FILE") for name in re.findall(r"^#?([A-Z_]+)=", text, re.M)}
    missing = {name.removesuffix("_FILE") for name in documented} - named
    assert {name for name in missing if not name.startswith(tuple(OF_NO_USE))} == set()


def test_settings_of_the_docs_are_read_alike_by_systemd_and_by_a_shell(tmp_path):
    """`izmek` and `izmek-activate` read the same file as the units do."""
    blocks = re.findall(
        r"^```\n(.+?)^```", (ROOT / "docs" / "operating.md").read_text(), re.S | re.M
    )
    form = re.compile(r"[A-Z_]+=('[^']*'|\S*)")  # no command with its variable before it
    lines = [line for block in blocks for line in block.splitlines() if form.fullmatch(line)]
    assert any(line.startswith("DATABASE_URL=") for line in lines) and len(lines) > 15
    for line in lines:
        (tmp_path / "one.env").write_text(f"{line}\n")
        name, _equals, value = line.partition("=")
        done = subprocess.run(
            ["bash", "-c", f'. {tmp_path}/one.env; printf %s "${name}"'],
            env={},
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert done.stdout == value.strip("'\""), line


def test_what_is_said_to_be_the_default_is():
    """Lines that are commented out tell the default of the settings."""
    from django.conf import settings

    last = (DEPLOY / "izmek.env").read_text().partition("What seldom changes")[2]
    source = Path(settings_module.__file__).read_text()
    for name, value in re.findall(r"^#([A-Z_]+)=([0-9]+)$", last, re.M):
        assert re.search(rf'"{name}", default=(.* else )?{value}\b', source), name
    assert re.search("#DRAIN_MARK=(.+)", last)[1] == settings.DRAIN_MARK


def test_places_of_nginx_are_filled_by_the_installer():
    places = set(re.findall(r"@[A-Z_]+@", (DEPLOY / "nginx.conf").read_text()))
    installer = (DEPLOY / "install.sh").read_text()
    assert {place for place in places if f"s|{place}|" not in installer} == set()


def test_a_failed_act_of_the_night_holds_none_of_the_others(tmp_path):
    """And the night ends with an error."""
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\necho "did $2"\n[ "$2" != find_names ]\n')
    program.chmod(0o755)
    done = subprocess.run(
        [DEPLOY / "nightly.sh"],
        env={**os.environ, "PYTHON": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert set(re.findall("did (.+)", done.stdout)) == nightly()
    assert done.stderr == "failed: find_names\n"


def test_containers_run_as_nobody_of_importance_on_a_disk_that_they_cannot_write():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for name in ("web", "worker"):
        service = compose["services"][name]
        assert service["read_only"] and service["user"] == "izmek", name
        assert service["cap_drop"] == ["ALL"], name
        # The settings name no folder and no file that a container lacks.
        assert service["environment"]["TLS_CERTIFICATE"] == "", name
    docker = (DEPLOY / "Dockerfile").read_text()
    temporary = re.search(r"^TMPDIR=(.+)$", (DEPLOY / "izmek.env").read_text(), re.M)[1]
    assert f" {temporary}\n" in docker
    assert docker.rindex("USER izmek") < docker.rindex("CMD")
    commands = re.findall(r"manage\.py,? (\w+)", (DEPLOY / "compose.yaml").read_text() + docker)
    assert set(commands) <= set(get_commands())


def test_containers_start_with_what_the_script_makes(tmp_path):
    """Keys and settings fit each other and the program, are made once, lie in no image and no commit."""
    deploy = tmp_path / "deploy"
    shutil.copytree(DEPLOY, deploy, ignore=shutil.ignore_patterns("keys", "container.env", ".env"))
    chown = tmp_path / "chown"
    chown.write_text('#!/bin/sh\n[ "$*" = "-R 900:900 keys" ]\n')
    chown.chmod(0o755)

    def made(*arguments):
        path = f"{tmp_path}:{os.environ['PATH']}"
        subprocess.run(
            [deploy / "containers.sh", *arguments], env={**os.environ, "PATH": path}, check=True
        )
        new = {file for file in deploy.rglob("*") if file.is_file()}
        new -= {deploy / file.relative_to(DEPLOY) for file in DEPLOY.rglob("*")}
        return {str(file.relative_to(tmp_path)): file.read_text() for file in new}

    first = made("kurslar.example.bel.tr")
    again = made()
    assert re.search(r"^RELEASE=\S+$", again.pop("deploy/.env"), re.M) and first.pop("deploy/.env")
    assert again == first
    for name in [*first, "deploy/.env"]:
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600, name
        for ignored in (".dockerignore", ".gitignore"):
            lines = (ROOT / ignored).read_text().splitlines()
            beginnings = {line.strip("/") for line in lines}
            assert beginnings & {name, str(Path(name).parent), Path(name).name}, (ignored, name)

    compose = yaml.safe_load((deploy / "compose.yaml").read_text())
    services = compose["services"]
    password = (deploy / compose["secrets"]["database_password"]["file"]).read_text()
    settings = (deploy / services["web"]["env_file"]).read_text()
    (deploy / "here.env").write_text(settings.replace("/etc/izmek/keys", str(deploy / "keys")))
    command = f'set -a; . {deploy}/here.env; echo "$DATABASE_URL $CACHE_URL"; exec "$@"'
    done = subprocess.run(
        ["bash", "-c", command, "bash", sys.executable, "manage.py", "check", "--deploy"],
        env={"PATH": os.environ["PATH"], **services["web"]["environment"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    database, cache = done.stdout.splitlines()[0].split()
    user = services["database"]["environment"]["POSTGRES_USER"]
    assert database == f"postgres://{user}:{password}@database/{user}"
    assert cache.startswith("redis://cache:") and {"database", "cache"} <= set(services)
    assert "@" not in re.sub(r"^#.*|^DATABASE_URL=.*|^FROM_EMAIL=.*", "", settings, flags=re.M)


def test_a_container_is_asked_for_its_health_under_its_own_name(client, settings):
    settings.ALLOWED_HOSTS = ["kurslar.example.bel.tr"]
    assert client.get("/saglik/", headers={"host": "kurslar.example.bel.tr"}).status_code == 200
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    kind, program, *arguments = services["web"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    with make_server("127.0.0.1", 0, get_wsgi_application()) as server:
        Thread(target=server.handle_request).start()
        here = [one.replace(":8000/", f":{server.server_port}/") for one in arguments]
        hosts = ",".join([*settings.ALLOWED_HOSTS, "kurs.example.bel.tr"])
        subprocess.run(
            [sys.executable, *here], env={"ALLOWED_HOSTS": hosts}, check=True, timeout=20
        )
