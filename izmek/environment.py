"""What the environment says, a `.env` beside manage.py included; izmek/settings.py gives it its meaning.

What cannot be meant stops the start with one plain sentence that repeats nothing of it.
"""

import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from warnings import catch_warnings

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
TRIAL = "trial:"  # what `make run` writes before its secrets

SWITCH = dict.fromkeys(("on", "true", "yes", "1"), True)
SWITCH |= dict.fromkeys(("off", "false", "no", "0"), False)
KINDS = {bool: "on or off", int: "a whole number", float: "a number", json.loads: "JSON"}


class Environment(environ.Env):
    """The variables by kind.

    A variable that holds nothing is not set. But an address has to be one: whoever leaves that of the
    database empty does not mean another, empty one.
    """

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False):
        value = self.ENVIRON.get(var, "")
        if cast is str or not value.strip():
            return value if value.strip() else default
        value = value.strip()
        try:
            if cast is list:
                return [one for part in value.split(",") if (one := part.strip())]
            return SWITCH[value.lower()] if cast is bool else cast(value)
        except (KeyError, ValueError):
            sys.exit(f"{var} cannot be read: it has to be {KINDS[cast]}.")

    def db(self, var, *engines, default=""):
        def read(address):
            found = self.db_url_config(address)
            is_named = found["NAME"] or "service" in found.get("OPTIONS", {})
            return found if is_named and found["ENGINE"] in engines else None

        return self._address(var, read, default, "postgres://user:password@host/name")

    def cache(self, var, default):
        return self._address(var, self.cache_url_config, default, "redis://host:6379/0")

    def email(self, var, default):
        return self._address(var, self.email_url_config, default, "smtp://user:password@host:25")

    def _address(self, var, read, default, example):
        found = None
        with suppress(ImproperlyConfigured, KeyError, ValueError), catch_warnings(action="ignore"):
            found = read(self.ENVIRON.get(var, default).strip())
        if not found:
            sys.exit(
                f"{var} holds no address such as {example} (in a password, / ? # % are written %2F %3F "
                "%23 %25)."
            )
        return found

    def secret(self, name, meaning=""):
        """The value of a variable, or of the file that <name>_FILE names: no process list shows that one.

        Without a meaning it may be missing (""). Else, and where it is one of a trial or its file cannot be
        read, the start ends with a sentence.
        """
        value, path = self.str(name, default=""), self.str(f"{name}_FILE", default="")
        if path and not value:
            try:
                value = Path(path).read_text().strip()
            except (OSError, UnicodeDecodeError) as error:
                sys.exit(f"{name}_FILE cannot be read: {error}.")
        if meaning and not value:
            sys.exit(
                f"{name} is not set ({meaning}). Set it in the environment or in {BASE_DIR / '.env'}, or "
                f"name its file in {name}_FILE; `make run` writes a .env for a trial."
            )
        is_trial = any(key.startswith(TRIAL) for key in several(value))
        if is_trial and not self.bool("DEBUG", default=False):
            sys.exit(
                f"{name} holds a key of a trial: whoever has seen the trial has it. Make one for this "
                "server; docs/operating.md tells how."
            )
        return value


def several(value):
    """The keys of a variable or a file, newest first: commas or line ends between them."""
    return [key for key in re.split(r"[,\s]+", value) if key]


env = Environment()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")
