"""`make run`: embedded PostgreSQL, a real Redis, private files in a folder, payments in the sandbox."""

from config.settings.base import *

DEMONSTRATION = setting("DEMONSTRATION", "1") == "1"

# Loopback is quicker than any compression: a first start does not wait for it.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}

# Plain HTTP on loopback: a secure cookie would never come back.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
