"""The Celery application. Tasks carry ids only and name their queue; see each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("double")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
