"""The settings, in one module, from the environment (izmek/environment.py).

`docs/operating.md` lists every variable. Nothing here differs between a trial and production but
by the environment: a secret that is missing stops the start with one plain sentence.
"""

import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from izmek.environment import BASE_DIR, TRIAL, env, several
from izmek.watching.log_lines import logging_of

VAR_DIR = BASE_DIR / "var"  # database, photos and collected files of a trial

DEBUG = env.bool("DEBUG", default=False)

# --- Security ---------------------------------------------------------------------------------

SECRET_KEY = env.secret("SECRET_KEY", "signs sessions and links")
# Fernet keys for identity numbers, newest first: the first encrypts, all of them decrypt.
IDENTITY_KEYS = [
    key.removeprefix(TRIAL)
    for key in several(env.secret("IDENTITY_KEYS", "encrypts identity numbers, newest first"))
]
IDENTITY_HASH_KEY = env.secret("IDENTITY_HASH_KEY", "finds identity numbers by hash")
# The one before, while `manage.py rotate_keys` has yet to hash some rows anew; else "".
IDENTITY_HASH_KEY_OLD = env.secret("IDENTITY_HASH_KEY_OLD")
# Ed25519 keys of certificates, newest first: the first signs, all verify (izmek/secrets/signing.py).
CERTIFICATE_KEYS = several(
    env.secret(
        "CERTIFICATE_KEYS",
        "signs certificates, newest first; a key comes from "
        '`python -c "import secrets; print(secrets.token_urlsafe(32))"`',
    )
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not DEBUG)

if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [
        r"^saglik/$",
        r"^hazir/$",
        r"^olcumler/$",
    ]  # asked by the machine itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"  # no neighbouring host can set or see it
# Of the browsers in which somebody has signed in (izmek/accounts/known_devices.py).
DEVICE_COOKIE_NAME = "__Secure-device" if HTTPS else "device"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A sign-in lasts a long working day; a screen that staff have left alone is locked before
# (izmek/accounts/session_age.py; 0: never).
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=0 if DEBUG else 60)
# From where the panel is reached; none: from everywhere (izmek/accounts/networks.py).
ADMIN_NETWORKS = env.list("ADMIN_NETWORKS", default=[])
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# How many proxies stand before the program: whose word on the client's address is believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if HTTPS else 0)
CSRF_FAILURE_VIEW = "izmek.site.views.errors.csrf_failure"

# Where browsers tell what the policy below has stopped (izmek/public/policy_reports.py).
CSP_REPORTS = "/guvenlik-bildirimi/"
# One strict policy for the whole site, admin included: no inline script, no inline style.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "report-uri": [CSP_REPORTS],
        "report-to": "csp",
    }
}

# --- The application --------------------------------------------------------------------------

INSTALLED_APPS = [
    "izmek.site.apps.SiteConfig",
    "exhibitions",
    "trainees",
    "courses",
    "izmek.apps.KernelConfig",
    "izmek.site.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "simple_history",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tasks",
    "django_tasks_db",
    "csp",  # last: no role has permissions on it (izmek/accounts/after_migrate.py)
]

MIDDLEWARE = [
    "izmek.public.cache.KeptPages",  # keeps what leaves the site, so it comes first
    "izmek.watching.visits.NamedVisits",
    "izmek.public.headers.SecureHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "izmek.accounts.session_cookie.SessionCookie",
    "izmek.text.languages.language",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "izmek.accounts.networks.AdminNetworks",
    "izmek.accounts.session_age.SessionAge",
    "izmek.accounts.access.DefaultDenyMiddleware",
    "izmek.accounts.second_factor.SecondFactorMiddleware",
    "izmek.public.incoming.BodySizeMiddleware",
    "izmek.accounts.confirming.SentAgain",
    "django.middleware.csrf.CsrfViewMiddleware",  # reads the body, so the others come first
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "izmek.site.urls"
WSGI_APPLICATION = "izmek.wsgi.application"

FORM_RENDERER = "izmek.admin.rendering.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "izmek.site.context.site",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data -------------------------------------------------------------------------------------

ON_POSTGRESQL, ON_SQLITE = "django.db.backends.postgresql", "django.db.backends.sqlite3"
OWN_FILE = f"sqlite:///{VAR_DIR / 'izmek.sqlite3'}"
DATABASES = {"default": env.db("DATABASE_URL", ON_POSTGRESQL, ON_SQLITE, default=OWN_FILE)}
if DATABASES["default"]["ENGINE"] == ON_SQLITE:
    # Without these, two people who save at the same moment get "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000",
    }
else:
    # A PostgreSQL that follows it, for reading (izmek/acts/follower.py).
    if env.str("DATABASE_FOLLOWER_URL", default=""):
        DATABASES["follower"] = env.db("DATABASE_FOLLOWER_URL", ON_POSTGRESQL)
        DATABASE_ROUTERS = ["izmek.acts.follower.Router"]
    # A page that waits for a lock or for an answer says so before gunicorn ends its process (30 seconds);
    # commands and tasks have time.
    IS_COMMAND = Path(sys.argv[0]).name == "manage.py" and "runserver" not in sys.argv
    LOCK_SECONDS = 60 if IS_COMMAND else env.float("LOCK_SECONDS", default=5)
    STATEMENT_SECONDS = 0 if IS_COMMAND else env.float("STATEMENT_SECONDS", default=20)
    POSTGRESQL = {
        # Many short queries of several people at once: compiling one takes longer than it runs, workers
        # beside it take the cores from the others, and a disk has no arm to move.
        "options": "-c jit=off -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0 "
        f"-c lock_timeout={LOCK_SECONDS * 1000:.0f} -c statement_timeout={STATEMENT_SECONDS * 1000:.0f}",
        "connect_timeout": 2,  # seconds
        "tcp_user_timeout": 10_000,  # milliseconds until a host that vanished is given up
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }
    for database in DATABASES.values():
        database.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
        database["OPTIONS"] = POSTGRESQL | database.get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What all processes share, for limits above all: the database cache by default, Redis in production.
# While it is away each process uses a small one of its own (izmek/acts/spare.py).
shared_cache = env.cache("CACHE_URL", default="dbcache://izmek_cache")
if shared_cache["BACKEND"].endswith("DatabaseCache"):
    # With Django's 300 entries a stranger could push the counts of failed sign-ins out.
    shared_cache.setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 10_000)
elif shared_cache["BACKEND"].endswith("RedisCache"):
    # Seconds. It answers in a thousandth of one, so who is silent for longer is away.
    for timeout in ("socket_connect_timeout", "socket_timeout"):
        shared_cache.setdefault("OPTIONS", {}).setdefault(timeout, 0.3)
CACHES = {
    "default": {"BACKEND": "izmek.acts.spare.CacheWithSpare", "LOCATION": "shared"},
    "shared": shared_cache,
}
if shared_cache["BACKEND"].endswith("LocMemCache"):
    CACHES = {"default": shared_cache}

STORAGES = {
    # Photos are private: one view serves them and asks who may see them.
    "default": env.json(
        "MEDIA_STORAGE",
        default={
            "BACKEND": "izmek.media.room.DiskStorage",
            "OPTIONS": {"location": env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))},
        },
    ),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("COLLECTED_STATIC", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# In production nginx sends the bytes of a photo after the view said yes: the internal location.
PHOTO_ACCEL_PREFIX = env.str("PHOTO_ACCEL_PREFIX", default="")
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs" / "kullanim" / "pictures")]
WHITENOISE_MAX_AGE = 0 if DEBUG else 31536000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # an exhibition's form with its works
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes of a form without its files
UPLOAD_MAX_SIZE = 150 * 1024**2  # bytes of a form with its files
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "izmek.media.room.UploadHandler",
]
# Less free room than so many MB where files are written is told by /hazir/ and `doctor`.
DISK_FREE_MB = env.int("DISK_FREE_MB", default=1024)

# Long work: at once on a trial, by `manage.py db_worker` in production.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if env.bool("TASK_WORKER", default=False)
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

vars().update(env.email("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds for each answer of the mail server
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":  # noqa: F821 - of EMAIL_URL
    EMAIL_BACKEND = "izmek.acts.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="İZMEK <izmek@localhost>")

# Text messages (izmek/acts/sms/): who sends them, "" nobody; docs/operating.md shows two gateways.
SMS_BACKEND = env.str("SMS_BACKEND", default="")
SMS_URL = env.str("SMS_URL", default="")
SMS_METHOD = env.str("SMS_METHOD", default="POST").upper()
SMS_FORMAT = env.str("SMS_FORMAT", default="form")  # of the body: form, json, xml
SMS_BODY = env.secret(
    "SMS_BODY"
)  # may hold more than one line, in the file that SMS_BODY_FILE names
SMS_USER = env.secret("SMS_USER")
SMS_PASSWORD = env.secret("SMS_PASSWORD")  # or SMS_PASSWORD_FILE, as of all secrets
SMS_AUTHORIZATION = env.str("SMS_AUTHORIZATION", default="")  # basic, bearer
SMS_HEADER = env.str("SMS_HEADER", default="")  # what stands as the sender
SMS_TIMEOUT = env.int("SMS_TIMEOUT", default=10)  # seconds for each answer of the gateway
# Regular expressions for its answers: it has taken a message (with a group `id`), has surely not.
SMS_TAKEN = env.str("SMS_TAKEN", default="(?!)")
SMS_REFUSED = env.str("SMS_REFUSED", default="(?!)")
SMS_REPORT_URL = env.str("SMS_REPORT_URL", default="")
SMS_REPORT_BODY = env.secret("SMS_REPORT_BODY")
SMS_DELIVERED = env.str("SMS_DELIVERED", default="(?!)")
SMS_UNDELIVERED = env.str("SMS_UNDELIVERED", default="(?!)")  # with a group `reason`
SMS_DAILY_LIMIT = env.int("SMS_DAILY_LIMIT", default=1000)  # parts; 0: none
SMS_HOURS = env.ENVIRON.get("SMS_HOURS", "09:00-20:00")  # in which they go; empty: at any hour
SMS_ABROAD = env.bool("SMS_ABROAD", default=False)  # to other than Turkish mobile numbers too
SMS_TURKISH_TABLE = env.bool("SMS_TURKISH_TABLE", default=True)  # else Turkish letters make UCS-2

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "izmek.User"
AUTHENTICATION_BACKENDS = ["izmek.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# The folder, outside the database, to which the seals of the access log go.
ACCESS_LOG_HEADS = env.str("ACCESS_LOG_HEADS", default=str(VAR_DIR / "access-log"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_ADAPTER = "izmek.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "izmek.accounts.forms.SignInForm",
    "reauthenticate": "izmek.accounts.forms.ReauthenticateForm",
    "change_password": "izmek.accounts.forms.ChangePasswordForm",
    "set_password": "izmek.accounts.forms.SetPasswordForm",
    "reset_password": "izmek.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "izmek.accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a form that writes to any address is a nuisance
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Wrong passwords and codes are counted by izmek/accounts/tries.py; allauth counts requests, wrong or right.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
# A phone closes its browser when it likes: one sign-in holds for the working day.
ACCOUNT_SESSION_REMEMBER = True
# Seconds that a sign-in counts for what is grave (izmek/accounts/confirming.py); time enough to find
# and install an app.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# The second factor: demanded of those who work in the admin, offered to teachers.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not DEBUG)
MFA_ADAPTER = "izmek.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s that a phone's clock may be off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are given by us, addresses not typed by strangers
MFA_FORMS = {
    "authenticate": "izmek.accounts.forms.SecondStepForm",
    "reauthenticate": "izmek.accounts.forms.SecondStepAgainForm",
    "activate_totp": "izmek.accounts.forms.ActivateAppForm",
    "add_webauthn": "izmek.accounts.forms.PasskeyForm",
    "edit_webauthn": "izmek.accounts.forms.RenamePasskeyForm",
    "login_webauthn": "izmek.accounts.forms.SignInPasskeyForm",
    "authenticate_webauthn": "izmek.accounts.forms.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "izmek.accounts.forms.SecondStepAgainPasskeyForm",
}
PHONENUMBER_DEFAULT_REGION = "TR"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"
# A reason in the history may be a sentence.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- How long personal data are kept (izmek/privacy/terms.py tells from when on) ---------------

APPLICATIONS_KEPT_YEARS = env.int("APPLICATIONS_KEPT_YEARS", default=1)
CONTACT_KEPT_YEARS = env.int("CONTACT_KEPT_YEARS", default=2)
RESULTS_KEPT_YEARS = env.int("RESULTS_KEPT_YEARS", default=10)
ENQUIRIES_KEPT_YEARS = env.int("ENQUIRIES_KEPT_YEARS", default=2)
VISITOR_BOOKS_KEPT_YEARS = env.int("VISITOR_BOOKS_KEPT_YEARS", default=10)
STAFF_KEPT_YEARS = env.int("STAFF_KEPT_YEARS", default=10)
ACCESS_LOG_KEPT_YEARS = env.int("ACCESS_LOG_KEPT_YEARS", default=2)
DESTRUCTION_LOG_KEPT_YEARS = env.int("DESTRUCTION_LOG_KEPT_YEARS", default=3)
LETTERS_KEPT_DAYS = env.int("LETTERS_KEPT_DAYS", default=730)
OUTSIDE_LISTS_KEPT_DAYS = env.int("OUTSIDE_LISTS_KEPT_DAYS", default=730)
FILES_KEPT_DAYS = env.int("FILES_KEPT_DAYS", default=365)
SIGN_INS_KEPT_DAYS = env.int("SIGN_INS_KEPT_DAYS", default=180)

# --- Language ---------------------------------------------------------------------------------

LANGUAGE_CODE = "tr"
LANGUAGES = [("tr", _("Turkish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["izmek.formats"]
TIME_ZONE = "Europe/Istanbul"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # asked for where a figure is printed; never in ids and years

SITE_NAME = "İZMEK"
# Where the site is found from outside: for the links in letters.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# Under which terms the published figures may be used: a sentence, for the municipality to decide.
OPEN_DATA_TERMS = env.str("OPEN_DATA_TERMS", default="") or _(
    "You may use these data if you name the source: İZMEK, İzmit Municipality."
)

# --- Operation --------------------------------------------------------------------------------

# The name of this release: of the file RELEASE beside manage.py, which deploy/install.sh writes, or of the
# environment. Without one, the bytes of the code tell it (izmek/public/cache.py).
_release = BASE_DIR / "RELEASE"
RELEASE = env.str("RELEASE", default="") or (
    _release.read_text().strip() if _release.exists() else ""
)

# While this file is there /hazir/ says 503: whoever divides visitors among hosts sends no more here.
DRAIN_MARK = env.str("DRAIN_MARK", default="/run/izmek/drain")

# Backups (izmek/site/backup/): encrypted to whom, where they lie, how many of each generation are kept.
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="")
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default=str(VAR_DIR / "backups"))
BACKUPS_DAILY = env.int("BACKUPS_DAILY", default=7)
BACKUPS_WEEKLY = env.int("BACKUPS_WEEKLY", default=5)
BACKUPS_MONTHLY = env.int("BACKUPS_MONTHLY", default=12)

# The certificate of nginx, to tell how long it is valid (izmek/site/checks/host.py); none: nobody tells.
TLS_CERTIFICATE = env.str("TLS_CERTIFICATE", default="")

# Who may read the measurements (/olcumler/): whoever names the token, or asks from one of these networks.
METRICS_TOKEN = env.secret("METRICS_TOKEN")
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=[])

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="line")  # "line", for people, or "json"
try:
    LOGGING = logging_of(LOG_FORMAT, LOG_LEVEL)
except ValueError as error:
    sys.exit(f"{error}.")
LOGGING["root"] = {"handlers": ["console"], "level": LOG_LEVEL}
# To whom errors are mailed (izmek/watching/error_mail.py).
ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
SERVER_EMAIL, EMAIL_SUBJECT_PREFIX = DEFAULT_FROM_EMAIL, "[İZMEK] "
if ADMINS:
    LOGGING["handlers"]["mail"] = {"class": "izmek.watching.error_mail.ErrorMail"}
    LOGGING["root"]["handlers"].append("mail")
# Django's own handlers would say each record twice, and mail what somebody typed.
LOGGING["loggers"] = {
    "django": {"handlers": [], "level": "INFO"},
    # Each request is told by izmek/watching/visits.py, without its query.
    "django.server": {"handlers": [], "level": "CRITICAL"},
}
