"""The production settings, with values of no worth, for the checks of `make lint`. No database is asked."""

import os
import secrets

os.environ |= {
    "SECRET_KEY": secrets.token_urlsafe(60),
    "MASTER_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "VOUCHER_SIGNING_KEY": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
    "ALLOWED_HOSTS": "double.example",
    "SITE_URL": "https://double.example",
    "DATABASE_URL": "postgresql://nobody@nowhere.invalid/double",
    "REDIS_URL": "redis://nowhere.invalid/0",
    "FILE_URL_KEY": "none",
    "GPU_SERVICE_URL": "https://gpu.example",
    "GPU_SERVICE_KEY": "none",
    "GPU_SERVICE_WEBHOOK_SECRET": "whsec_bm9uZQ==",
    "STRIPE_SECRET_KEY": "sk_test_none",
    "STRIPE_WEBHOOK_SECRET": "whsec_none",
    "STRIPE_THIN_WEBHOOK_SECRET": "whsec_thin_none",
    "S3_BUCKET": "none",
    "C2PA_CERTIFICATES": "none",
    "C2PA_KEY": "none",
    "C2PA_ANCHORS": "none",
    "C2PA_TIMESTAMP_URL": "https://time.example",
    "DOCUMENT_CERTIFICATES": "none",
    "DOCUMENT_KEY": "none",
    "DOCUMENT_ANCHORS": "none",
    "S3_PUBLIC_ORIGIN": "https://files.example",
}

from config.settings.production import *

for settings_of_one in DATABASES.values():
    settings_of_one["ENGINE"] = "django.db.backends.dummy"
