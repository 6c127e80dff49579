"""Every pytest run has a database and a broker of its own."""

import os

import pytest
import redis
from django.conf import settings
from django.db import connections


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
