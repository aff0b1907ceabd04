"""Settings shared by every way of running; what differs lives in dev, test and prod."""

from __future__ import annotations

import sys
from pathlib import Path

from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from calls.calc.canonical import CallDirection
from config import env
from contracts.calc.definition import Kpi
from qa.calc.live import LiveOutcome
from qa.calc.scripts import ScriptKind
from qa.calc.speech_rules import Language
from qa.calc.states import State as EvaluationState
from tickets.calc.clocks import Clock
from tickets.calc.kpis import FeedbackKpi
from tickets.calc.states import State as TicketState

BASE_DIR = env.BASE_DIR
DATA_DIR = env.folder("DATA_DIR", default=".data")
UPLOAD_ROOT = env.folder("UPLOAD_ROOT", default=str(DATA_DIR / "uploads"))

SECRET_KEY = env.text("SECRET_KEY", "")
# Keys for personal data, newest first; the first encrypts, all decrypt. See docs/operations.md.
FIELD_KEYS = env.names("FIELD_KEYS", default=[])
DEBUG = False
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=[])
# Where people reach the product, for links that a command prints; without it the first allowed host.
WEB_URL = env.text("WEB_URL", "")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "core",
    "audit",
    "accounts",
    "vendors",
    "contracts",
    "calls",
    "sla",
    "qa",
    "tickets",
    "reports",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "csp",
    "django_permissions_policy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SessionLimits",
    "accounts.middleware.KeptOut",
    "accounts.middleware.PreferredLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Innermost: everything it wraps, template rendering included, runs inside one scoped transaction.
    "core.http.ScopeMiddleware",
]

SCOPE_RESOLVER = "accounts.selectors.scope_of_request"
# The clock of pages that belong to no contract.
ZONE_RESOLVER = "calls.selectors.zone_in_common"
# What a refusal for a missing right says.
REFUSAL_WORDS = "accounts.wording.refusal_words"
# Every export leaves its trace in the audit book.
EXPORT_RECORDER = "audit.services.record"
# The demo's passwords are in its source; a deployment has to want it.
DEMO_ALLOWED = env.flag("DEMO_ALLOWED", default=False)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "core.http.page_context",
                "config.navigation.frame",
            ],
        },
    }
]

# Migrations and other work on the schema run as the owner, everything else as a role that owns nothing.
OWNER_COMMANDS = {"migrate", "flush", "sqlmigrate", "makemigrations", "dbshell", "showmigrations"}
_as_owner = len(sys.argv) > 1 and sys.argv[0].endswith("manage.py") and sys.argv[1] in OWNER_COMMANDS
DATABASES = {"default": env.database("DATABASE_OWNER_URL" if _as_owner else "DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = "callsteward"
# Whole-number keys of four bytes keep the call rows narrow; the few tables that outgrow them say so.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

REDIS_URL = env.text("REDIS_URL")
CACHE_URL = env.text("CACHE_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 180
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# What it was doing comes again by the next tick; two of it at once would only wait for each other.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # More than twice the hard limit, so that a slow task is never started a second time beside itself.
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Sessions end with the browser, with half an hour of idleness, and after twelve hours.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Failures are counted for each account (a known device apart, see the adapter) and for each source.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
# How many proxies append to X-Forwarded-For; with 0 the header is not believed at all.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Callsteward"
USERSESSIONS_TRACK_ACTIVITY = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.ScopeAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.StrictJSONParser"],
    # OPTIONS would list the choices of fields; the OpenAPI document says what there is.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.OrganizationThrottle"],
    "DEFAULT_THROTTLE_RATES": {"organization": env.text("API_RATE", "600/min")},
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Callsteward API",
    "VERSION": "1",
    "DESCRIPTION": "KPI of record, with numerator, denominator and definition, and the calls behind them.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["core.api.HasScope"],
    "SERVE_AUTHENTICATION": ["accounts.authentication.ScopeAuthentication"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.refusals_document",
        "core.api.summaries_document",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # One name for each closed list, whichever fields hold it.
    "ENUM_NAME_OVERRIDES": {
        "KpiEnum": [kpi.value for kpi in Kpi],
        "VersionStateEnum": "contracts.models.State",
        "ImportSourceEnum": "calls.models.BatchSource",
        "ImportStateEnum": "calls.models.BatchState.values",
        "TicketStateEnum": [state.value for state in TicketState],
        "TicketClockEnum": [clock.value for clock in Clock],
        "TicketChannelEnum": "tickets.models.Channel.values",
        "DoNotCallSourceEnum": ["call", "page", "api"],
        "FeedbackStateEnum": "tickets.models.FeedbackState.values",
        "FeedbackKindEnum": "tickets.models.FeedbackKind.values",
        "FeedbackSourceEnum": "tickets.models.FeedbackSource.values",
        "FeedbackKpiEnum": [kpi.value for kpi in FeedbackKpi],
        "DirectionEnum": [direction.name.lower() for direction in CallDirection],
        "SideEnum": ["client", "vendor"],
        "ConversationKindEnum": ["call", "ticket"],
        "EvaluationStateEnum": [state.value for state in EvaluationState],
        "EvaluationOriginEnum": "qa.models.Origin.values",
        "ScriptKindEnum": [kind.value for kind in ScriptKind],
        "ScriptLanguageEnum": "qa.models.scripts.SCRIPT_LANGUAGES",
        "SpokenLanguageEnum": [language.value for language in Language],
        "LiveOutcomeEnum": [outcome.value for outcome in LiveOutcome],
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("all")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT: Path | None = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest evaluation form, written as one page: 100 questions with 11 answers each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "core.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", default=50 * 1024 * 1024)

# Webhooks go to public addresses over HTTPS; plain HTTP on port 80 has to be wanted.
WEBHOOK_HTTP_ALLOWED = env.flag("WEBHOOK_HTTP_ALLOWED", default=False)
# For the suite's receivers only; no variable of the environment turns it on.
WEBHOOK_LOOPBACK_ALLOWED = False

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.security": {"level": "WARNING"}},
}
