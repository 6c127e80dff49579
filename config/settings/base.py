"""Settings shared by every way of running the site. What differs comes from the environment or var/runtime.json.

No code asks where it runs: the embedded services of `make run` and the managed ones of production differ only here.
"""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from kombu import Exchange, Queue

from config.runtime import BASE_DIR, VAR_DIR
from config.runtime import load as load_runtime
from config.schedule import collected

RUNTIME = load_runtime()


def setting(name: str, default: str = "") -> str:
    """One text from the environment, else from runtime.json (lower-case key), else the default."""
    return os.environ.get(name) or str(RUNTIME.get(name.lower(), default))


def database(url: str) -> dict[str, Any]:
    """Django's settings of one PostgreSQL database named by a URL (a socket folder may stand in `?host=`)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.query.startswith("host="):
        host = unquote(parts.query.removeprefix("host="))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = setting("SECRET_KEY", "not-a-secret-before-the-first-setup")
DEBUG = False
ALLOWED_HOSTS = [host for host in setting("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",") if host]
PORT = setting("PORT", "8000")
SITE_URL = setting("SITE_URL", f"http://127.0.0.1:{PORT}")
# The demonstration shows "enter as …", loads synthetic people and pays through the sandbox. Never beside real money.
DEMONSTRATION = setting("DEMONSTRATION", "0") == "1"
# "full", or "short": four models and a few of their bookings, for the tests of the whole site.
DEMONSTRATION_PROGRAMME = setting("DEMONSTRATION_PROGRAMME", "full")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    # Both rewrite the template loaders by themselves and the second one loses: the chain stands once, in TEMPLATES.
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "storages",
    "apps.common",
    "apps.audit",
    "apps.accounts",
    "apps.media",
    "apps.notifications",
    "apps.organizations",
    "apps.ledger",
    "apps.signatures",
    "apps.talent",
    "apps.crew",
    "apps.identity",
    "apps.roster",
    "apps.consents",
    "apps.twins",
    "apps.pricing",
    "apps.payments",
    "apps.generation",
    "apps.provenance",
    "apps.royalties",
    "apps.bookings",
    "apps.programmes",
    "apps.boards",
    "apps.options",
    "apps.conversations",
    "apps.archives",
    "apps.portal",
    "apps.sandbox",
    "apps.demonstration",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.portal.middleware.ActingMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "apps.common.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "apps.portal.context.site",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": database(setting("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/double")),
    "sandbox": database(setting("SANDBOX_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/double_sandbox")),
}
DATABASE_ROUTERS = ["config.routers.SandboxRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = setting("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: a broker that was away for long is still the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_keepalive": True}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A task names its queue. Each queue has an exchange of its own: with a shared one a message would reach them all.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name)
    for name in ("default", "generation", "media", "payments", "notifications")
]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 8  # seconds for running tasks; what is not done by then goes back to the queue
# Celery 5.7 deprecates naming the queue at the task; what is not named here goes to "default".
CELERY_TASK_ROUTES = {
    "apps.accounts.tasks.*": {"queue": "notifications"},
    "apps.archives.tasks.*": {"queue": "media"},
    "apps.boards.tasks.*": {"queue": "default"},
    "apps.bookings.tasks.*": {"queue": "default"},
    "apps.conversations.tasks.*": {"queue": "media"},
    "apps.generation.tasks.*": {"queue": "generation"},
    "apps.identity.tasks.*": {"queue": "media"},
    "apps.media.tasks.*": {"queue": "media"},
    "apps.twins.tasks.*": {"queue": "media"},
    "apps.payments.tasks.*": {"queue": "payments"},
    "apps.royalties.tasks.*": {"queue": "payments"},
    "apps.sandbox.tasks.*": {"queue": "payments"},
    "apps.notifications.tasks.*": {"queue": "notifications"},
    "apps.organizations.tasks.*": {"queue": "notifications"},
    "apps.roster.tasks.*": {"queue": "notifications"},
    "apps.talent.tasks.*": {"queue": "notifications"},
    "apps.programmes.tasks.*": {"queue": "payments"},
    "apps.options.tasks.*": {"queue": "default"},
    "apps.signatures.tasks.*": {"queue": "media"},
}
CELERY_TIMEZONE = "UTC"
# Sweeps find again what a lost message dropped. Each app names its own in apps/<app>/schedule.py.
CELERY_BEAT_SCHEDULE = collected(INSTALLED_APPS)
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
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
LOGIN_REDIRECT_URL = "landing"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, and nowhere else
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_FORMS = {
    "login": "apps.accounts.allauth_forms.LoginForm",
    "signup": "apps.accounts.allauth_forms.SignupForm",
    "add_email": "apps.accounts.allauth_forms.AddEmailForm",
    "change_password": "apps.accounts.allauth_forms.ChangePasswordForm",
    "set_password": "apps.accounts.allauth_forms.SetPasswordForm",
    "reset_password": "apps.accounts.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.allauth_forms.ResetPasswordKeyForm",
    "reauthenticate": "apps.accounts.allauth_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "apps.accounts.allauth_forms.AuthenticateForm",
    "activate_totp": "apps.accounts.allauth_forms.ActivateTOTPForm",
    "add_webauthn": "apps.accounts.allauth_forms.AddWebAuthnForm",
}
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a new password, passkey or address is told to the person
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "apps.accounts.adapters.MFAAdapter"
MFA_TOTP_ISSUER = "Double"
USERSESSIONS_TRACK_ACTIVITY = False  # five queries a request; sessions are listed and ended without it

STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 35 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]  # a half-translated page is worse than none
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
SUPPORT_EMAIL = setting("SUPPORT_EMAIL", "help@double.example")  # read by people; shown where nobody can sign in
DEFAULT_FROM_EMAIL = setting("DEFAULT_FROM_EMAIL", "Double <hello@double.example>")

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# Secrets of the site itself: made at first setup, given by the environment in production.
MASTER_KEY = setting("MASTER_KEY")  # wraps the key of each twin; 32 bytes, base64url
VOUCHER_SIGNING_KEY = setting("VOUCHER_SIGNING_KEY")  # Ed25519 private key, 32 bytes, base64url
FILE_URL_KEY = setting("FILE_URL_KEY", SECRET_KEY)

# Content Credentials: PEM files of the signing chain and a time-stamping authority. Without them a private chain is
# made on first use; public viewers call that one untrusted.
C2PA_CERTIFICATES = setting("C2PA_CERTIFICATES")
C2PA_KEY = setting("C2PA_KEY")
C2PA_ANCHORS = setting("C2PA_ANCHORS")
C2PA_TIMESTAMP_URL = setting("C2PA_TIMESTAMP_URL")
C2PA_PRIVATE_CHAIN = str(VAR_DIR / "c2pa")
# Certificates of signed consents and mandates: a chain of their own, because their signature binds. Same time stamps.
DOCUMENT_CERTIFICATES = setting("DOCUMENT_CERTIFICATES")
DOCUMENT_KEY = setting("DOCUMENT_KEY")
DOCUMENT_ANCHORS = setting("DOCUMENT_ANCHORS")
DOCUMENT_PRIVATE_CHAIN = str(VAR_DIR / "documents")

GPU_SERVICE_URL = setting("GPU_SERVICE_URL", "http://127.0.0.1:8600")
GPU_SERVICE_KEY = setting("GPU_SERVICE_KEY")
GPU_SERVICE_WEBHOOK_SECRET = setting("GPU_SERVICE_WEBHOOK_SECRET")
# How many jobs may lie at the GPU service at once: enough that none of its slots waits for us, few enough that none of
# our jobs waits there for so long that it counts as lost. Four times the slots of the preview service.
GPU_JOBS_IN_FLIGHT = int(setting("GPU_JOBS_IN_FLIGHT", "8"))
# Likeness guard, cosines of SFace vectors. Measured on ten synthetic people with 20 casual probes against their
# capture sets: own 0.63 to 0.82, best wrong twin up to 0.68. `manage.py measure_likeness` measures again over the
# twins at hand.
LIKENESS_PASS = float(setting("LIKENESS_PASS", "0.60"))  # at least this much like the twin,
LIKENESS_MARGIN = float(setting("LIKENESS_MARGIN", "0.05"))  # and this much more than like any other twin
LIKENESS_PERSON = float(setting("LIKENESS_PERSON", "0.45"))  # from here to LIKENESS_PASS a person looks; below fails
# Nudity, 0 to 1: the authors of open_nsfw call less than 0.2 safe and more than 0.8 highly probable.
NUDITY_PERSON = float(setting("NUDITY_PERSON", "0.2"))  # from here to NUDITY_BARRED a person looks
NUDITY_BARRED = float(setting("NUDITY_BARRED", "0.8"))  # nobody gets to see it
# Body lock, units of CIE Lab at one brightness (a* and b*). Measured on 25 pictures of three synthetic people in nine
# scenes: a skin could be read in 11, 2.3 to 7.2 from the person's nearest photograph, while another person's lies at
# 1.5 to 10.4. So it finds a skin of another colour, not another person. Hair lay 1 to 36 apart: hardly ever checkable.
# `manage.py measure_body_lock` measures again over the pictures at hand.
BODY_LOCK_LIGHT = float(setting("BODY_LOCK_LIGHT", "8"))  # what light alone does to a skin, at least
BODY_LOCK_UNRELIABLE = float(setting("BODY_LOCK_UNRELIABLE", "12"))  # photographs further apart say nothing

STRIPE_SECRET_KEY = setting("STRIPE_SECRET_KEY", "sk_test_sandbox")
STRIPE_WEBHOOK_SECRET = setting("STRIPE_WEBHOOK_SECRET", "whsec_sandbox")  # v1 snapshots, at /hooks/stripe/
STRIPE_THIN_WEBHOOK_SECRET = setting("STRIPE_THIN_WEBHOOK_SECRET", "whsec_thin")  # v2 thin events, at …/thin/
# Who looks at documents: "person", a member of staff, or "stripe", Stripe Identity. There the date of birth is given to
# a restricted key only, with the right to sensitive verification results.
IDENTITY_PROVIDER = setting("IDENTITY_PROVIDER", "person")
STRIPE_IDENTITY_KEY = setting("STRIPE_IDENTITY_KEY", STRIPE_SECRET_KEY)
# "sandbox" talks to our own stand-in, "stripe" to the real service.
STRIPE_TRANSPORT = setting("STRIPE_TRANSPORT", "sandbox")
# The stand-in lies above the layer that speaks to Stripe, which therefore knows it by name only.
STRIPE_HTTP_CLIENT = "apps.sandbox.transport.SandboxHTTPClient"
SANDBOX_WEBHOOK_URL = setting("SANDBOX_WEBHOOK_URL", f"http://127.0.0.1:{PORT}/hooks/stripe/")
# What the stand-in keeps of a payment. None by default, so that the demonstration's figures are those of the terms.
SANDBOX_FEE_BASIS_POINTS = int(setting("SANDBOX_FEE_BASIS_POINTS", "0"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    # /healthz says itself what is wrong, and whoever asks sees it.
    "filters": {
        "not_health": {"()": "config.log_filters.NotHealth"},
        "not_an_orderly_stop": {"()": "config.log_filters.NotAnOrderlyStop"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["not_health", "not_an_orderly_stop"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"apps": {"level": "INFO"}},
}
