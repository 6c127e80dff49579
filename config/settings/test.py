"""The tests: the same program on a database, a broker and a state folder of their own."""

import os

os.environ.setdefault("DEMONSTRATION", "1")

from config.settings.base import *

SECRET_KEY = "only-for-tests-" + "x" * 40
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
VOUCHER_SIGNING_KEY = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
GPU_SERVICE_KEY = "test-key"
GPU_SERVICE_WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # noqa: S105
# Transactional tests empty every table between them; the append-only ones refuse TRUNCATE without this.
DATABASES["default"]["OPTIONS"] = {"options": "-c double.allow_truncate=on"}
# Files come from the source folders: nothing is collected before a test.
WHITENOISE_AUTOREFRESH = True
