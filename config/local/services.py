"""The processes of the embedded site and their commands."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from config.local import broker
from config.local.ports import LOOPBACK
from config.local.postgres import Postgres
from config.local.state import voucher_public_key
from config.local.supervisor import Service
from config.runtime import BASE_DIR

# What another program may see of this one's environment.
PLAIN_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "XDG_CACHE_HOME")


def plain_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PLAIN_ENVIRONMENT if name in os.environ}


def site_environment(var: Path) -> dict[str, str]:
    """Of every Django process. Ports and secrets are not in it: settings read them from runtime.json."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DOUBLE_VAR": str(var),
        "PYTHONUNBUFFERED": "1",
        # Celery warns root of messages that run code; ours are JSON, on a loopback broker with a password.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def postgresql(server: Postgres, var: Path) -> Service:
    return Service(
        name="postgresql",
        command=server.command(),
        environment=plain_environment(),
        folder=Path("/"),
        log=var / "log" / "postgresql.log",
        account=server.account,
        stop_signal=signal.SIGINT,
        grace=20,
        foundation=True,
    )


def redis(state: Mapping[str, str], var: Path) -> Service:
    return Service(
        name="redis",
        command=broker.command(var / "redis", port=int(state["redis_port"]), password=state["redis_password"]),
        environment=plain_environment(),
        folder=Path("/"),
        log=var / "log" / "redis.log",
        foundation=True,
    )


def manage(var: Path, *arguments: str) -> Service:
    """One command of manage.py, or of another module with `-m`."""
    return Service(
        name=" ".join(arguments),
        command=[sys.executable, *arguments],
        environment=site_environment(var),
        folder=BASE_DIR,
    )


def web(state: Mapping[str, str], var: Path) -> Service:
    return _of_the_site(
        "web",
        var,
        *("-m", "gunicorn", "config.wsgi", "--bind", f"{LOOPBACK}:{state['port']}"),
        *("--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "5"),
        *("--log-level", "warning", "--worker-tmp-dir", str(var)),
    )


def workers(var: Path) -> list[Service]:
    """Who works on the queues, and who sends what is due."""
    celery = ["-m", "celery", "-A", "config", "--quiet"]
    return [
        # SIGQUIT: what does not end within the soft time-out of the settings goes back to its queue.
        _of_the_site(
            "worker",
            var,
            *celery,
            *("worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
            stop_signal=signal.SIGQUIT,
            grace=15,
            chatty=True,
        ),
        _of_the_site("beat", var, *celery, "beat", "--loglevel", "WARNING", "--pidfile="),
    ]


def gpu_service(state: Mapping[str, str], var: Path) -> Service:
    """Another program: it gets its own variables, none of the site's. Pictures are patient, pages are not: `nice`."""
    data = var / "gpu-service"
    return Service(
        name="gpu",
        command=[
            *("nice", "-n", "10", sys.executable, "-m", "gpu_service"),
            *("--host", LOOPBACK, "--port", state["gpu_service_port"], "--data", str(data)),
        ],
        environment={
            **plain_environment(),
            "GPU_SERVICE_KEY": state["gpu_service_key"],
            "GPU_SERVICE_WEBHOOK_SECRET": state["gpu_service_webhook_secret"],
            "GPU_SERVICE_VOUCHER_KEYS": voucher_public_key(state),
            "GPU_SERVICE_INPUT_ORIGINS": state["site_url"],
            "GPU_SERVICE_GRACE": "3",
        },
        folder=BASE_DIR,
        log=var / "log" / "gpu.log",
    )


def _of_the_site(
    name: str,
    var: Path,
    *arguments: str,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace: float = 10,
    chatty: bool = False,
) -> Service:
    return Service(
        name=name,
        command=[sys.executable, *arguments],
        environment=site_environment(var),
        folder=BASE_DIR,
        stop_signal=stop_signal,
        grace=grace,
        chatty=chatty,
    )
