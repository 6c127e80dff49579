"""Background work has a queue that a worker listens to, and beat sends only what exists."""

from celery.schedules import crontab
from django.conf import settings

from config.celery import app


def own_tasks() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if name.startswith("apps.")}


def test_every_app_with_tasks_names_the_queue_of_them() -> None:
    """By a route; whatever falls through to the default queue would be found by nobody who reads the table."""
    modules = {name.rpartition(".")[0] for name in own_tasks()}
    assert modules
    assert {f"{module}.*" for module in modules} == set(settings.CELERY_TASK_ROUTES)


def test_the_worker_listens_to_every_queue_that_a_task_goes_to() -> None:
    listened = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert {app.amqp.router.route({}, name)["queue"].name for name in own_tasks()} <= listened


def test_beat_sends_only_tasks_that_exist() -> None:
    tasks = own_tasks()
    assert settings.CELERY_BEAT_SCHEDULE
    assert [name for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if entry["task"] not in tasks] == []


def test_a_sweep_that_nobody_fetched_does_not_pile_up() -> None:
    """Beat goes on while the worker is away."""
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if not isinstance(entry["schedule"], crontab):
            assert entry["options"]["expires"] <= entry["schedule"], name
