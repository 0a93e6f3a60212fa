"""`make run`: what the trial hands on to the site that it starts."""

import os

import pytest

from izmek.site import trial


@pytest.fixture
def started(monkeypatch, settings, tmp_path):
    """Starts the trial on a port, up to where it becomes the server; gives its SITE_URL."""
    settings.DEBUG = True
    monkeypatch.setattr(trial, "ROOT", tmp_path)
    monkeypatch.setattr(trial, "port_is_taken", lambda port: False)
    monkeypatch.setattr(trial, "prepare", lambda: None)
    monkeypatch.setattr(os, "execv", lambda *_arguments: None)
    monkeypatch.setenv("SITE_URL", "")
    monkeypatch.delenv("SITE_URL")

    def start(port):
        monkeypatch.setenv("PORT", port)
        trial.main()
        return os.environ["SITE_URL"]

    return start


def test_letters_lead_to_the_port_of_the_trial(started):
    assert started("8103") == "http://127.0.0.1:8103"


def test_an_address_in_the_env_file_stands(started, tmp_path):
    (tmp_path / ".env").write_text("DEBUG=on\nSITE_URL=https://deneme.example\n")
    assert started("8103") == "https://deneme.example"


def test_an_older_trial_gets_the_key_that_it_lacks_and_keeps_its_own(tmp_path):
    file = tmp_path / ".env"
    file.write_text("DEBUG=on\nSECRET_KEY=geheim\n")
    trial.write_env(file)
    written = file.read_text()
    assert written.startswith("DEBUG=on\nSECRET_KEY=geheim\nCERTIFICATE_KEYS=trial:")
    trial.write_env(file)
    assert file.read_text() == written
    file.write_text("DEBUG=off\n")
    trial.write_env(file)
    assert file.read_text() == "DEBUG=off\n"
