"""Production: everything that may not have a default is required from the environment."""

import os

from config.settings.base import *

SECRET_KEY = os.environ["SECRET_KEY"]
MASTER_KEY = os.environ["MASTER_KEY"]
VOUCHER_SIGNING_KEY = os.environ["VOUCHER_SIGNING_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
SITE_URL = os.environ["SITE_URL"]
DATABASES = {
    "default": database(os.environ["DATABASE_URL"]),
    "sandbox": database(os.environ.get("SANDBOX_DATABASE_URL", os.environ["DATABASE_URL"])),
}
REDIS_URL = os.environ["REDIS_URL"]
FILE_URL_KEY = os.environ["FILE_URL_KEY"]
GPU_SERVICE_URL = os.environ["GPU_SERVICE_URL"]
GPU_SERVICE_KEY = os.environ["GPU_SERVICE_KEY"]
GPU_SERVICE_WEBHOOK_SECRET = os.environ["GPU_SERVICE_WEBHOOK_SECRET"]
STRIPE_SECRET_KEY = os.environ["STRIPE_SECRET_KEY"]
STRIPE_WEBHOOK_SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]
STRIPE_THIN_WEBHOOK_SECRET = os.environ["STRIPE_THIN_WEBHOOK_SECRET"]
IDENTITY_PROVIDER = os.environ.get("IDENTITY_PROVIDER", "person")
if IDENTITY_PROVIDER == "stripe":
    STRIPE_IDENTITY_KEY = os.environ["STRIPE_IDENTITY_KEY"]
DEMONSTRATION = os.environ.get("DEMONSTRATION", "0") == "1"
STRIPE_TRANSPORT = os.environ.get("STRIPE_TRANSPORT", "stripe")

STORAGES["default"] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": os.environ["S3_BUCKET"],
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL"),
        "region_name": os.environ.get("S3_REGION"),
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": False,
        "signature_version": "s3v4",
        "max_memory_size": 4 * 1024 * 1024,  # of a file that is read; more goes through a temporary file
    },
}
# Pictures are served by the bucket itself: the browser follows a redirect there (https://bucket.s3.region.amazonaws.com).
CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(os.environ["S3_PUBLIC_ORIGIN"])
# Photographs of a capture set are brought there by the browser itself.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"].append(os.environ["S3_PUBLIC_ORIGIN"])
# Paying is a POST of ours that redirects to Stripe's page; browsers hold that redirect to form-action. So are a
# payee's account and the proof of who one is.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
    "https://checkout.stripe.com",
    "https://accounts.stripe.com",
    "https://connect.stripe.com",
    "https://verify.stripe.com",
]
C2PA_CERTIFICATES = os.environ["C2PA_CERTIFICATES"]
C2PA_KEY = os.environ["C2PA_KEY"]
C2PA_ANCHORS = os.environ["C2PA_ANCHORS"]
C2PA_TIMESTAMP_URL = os.environ["C2PA_TIMESTAMP_URL"]
DOCUMENT_CERTIFICATES = os.environ["DOCUMENT_CERTIFICATES"]
DOCUMENT_KEY = os.environ["DOCUMENT_KEY"]
DOCUMENT_ANCHORS = os.environ["DOCUMENT_ANCHORS"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # whoever watches the processes asks them directly, over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the reverse proxy before the site; limits by address count its visitors
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
