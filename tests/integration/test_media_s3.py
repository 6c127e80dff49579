"""The same files in a bucket: the storage serves what it may read itself, and only as long as the address lives."""

import base64
import io
import json
from collections.abc import Generator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer
from PIL import Image
from pytest_django import Settings

from apps.common.errors import InvalidInput
from apps.media import renditions, tasks
from apps.media.incoming import drop, drop_forgotten, open_slot, take
from apps.media.models import StoredFile
from apps.media.services import delete, read, store, storing
from apps.media.signing import signed_url

ADA = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
ADAS_TWIN = "twin:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
BUCKET = "double-private"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def s3_server() -> Generator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(s3_server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The storage of the production settings, pointed at a server of our own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    client = boto3.client("s3", endpoint_url=s3_server, region_name="eu-central-1")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": s3_server,
        "region_name": "eu-central-1",
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": False,
        "signature_version": "s3v4",
        "max_memory_size": 1024 * 1024,
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    yield client
    for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.delete_bucket(Bucket=BUCKET)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1080, 1350), "#8a7f74").save(out, "JPEG")
    return out.getvalue()


def deliverable() -> StoredFile:
    return store(data=jpeg(), kind="deliverable", owner=ADA, content_type="image/jpeg")


def test_the_bytes_of_a_delivery_never_pass_through_the_site(client: Client) -> None:
    file = deliverable()
    answer = client.get(signed_url(file, seconds=3600, download_as="double-7K3Q.jpg"))
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    served = httpx.get(answer["Location"])
    assert served.content == read(file)
    assert served.headers["Content-Type"] == "image/jpeg"
    assert served.headers["Content-Disposition"] == 'attachment; filename="double-7K3Q.jpg"'


def test_the_storages_own_address_is_short_lived(client: Client) -> None:
    address = urlsplit(client.get(signed_url(deliverable(), seconds=3600))["Location"])
    assert parse_qs(address.query)["X-Amz-Expires"] == ["300"]


def test_it_never_outlives_ours(client: Client) -> None:
    address = urlsplit(client.get(signed_url(deliverable(), seconds=30))["Location"])
    assert int(parse_qs(address.query)["X-Amz-Expires"][0]) <= 30


def test_a_rendition_is_served_by_the_storage_too(client: Client) -> None:
    answer = client.get(signed_url(deliverable(), seconds=60, rendition="preview640"))
    served = httpx.get(answer["Location"])
    assert served.headers["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(served.content)).size == (640, 800)


def test_the_bucket_holds_a_capture_only_encrypted_and_the_site_decrypts_it(client: Client, bucket: Any) -> None:
    data = jpeg()
    file = store(data=data, kind="capture", owner=ADA, content_type="image/jpeg", twin_ref=ADAS_TWIN)
    kept = bucket.get_object(Bucket=BUCKET, Key=file.storage_name)["Body"].read()
    assert data[:64] not in kept
    answer = client.get(signed_url(file, seconds=60))
    assert (answer.status_code, answer.content) == (200, data)
    assert client.get(signed_url(file, seconds=60, rendition="w320")).status_code == 200


def test_a_large_file_goes_in_and_out_of_the_bucket_sealed_in_pieces(client: Client, bucket: Any) -> None:
    data = jpeg() + bytes(3 * 1024 * 1024)
    with storing(kind="archive", owner=ADA, content_type="application/zip", twin_ref=ADAS_TWIN) as incoming:
        incoming.write(data)
        file = incoming.keep()
    kept = bucket.get_object(Bucket=BUCKET, Key=file.storage_name)["Body"].read()
    assert data[:64] not in kept
    answer = client.get(signed_url(file, seconds=60))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, data)


def test_a_browser_brings_a_file_to_its_slot_and_to_no_other(bucket: Any) -> None:
    slot = open_slot(most_bytes=10)
    assert (slot.url.split("/")[2], slot.fields["key"]) == (urlsplit(bucket.meta.endpoint_url).netloc, slot.name)
    policy = json.loads(base64.b64decode(slot.fields["policy"]))
    assert ["content-length-range", 1, 10] in policy["conditions"] and {"key": slot.name} in policy["conditions"]
    sent = httpx.post(slot.url, data=slot.fields, files={"file": ("IMG.jpg", b"photograph")})
    assert sent.status_code == 204
    assert take(slot.name, most_bytes=10) == b"photograph"
    with pytest.raises(InvalidInput, match="one byte and 30 MB"):
        take(slot.name, most_bytes=9)
    drop(slot.name)
    drop(slot.name)
    with pytest.raises(InvalidInput, match="did not arrive"):
        take(slot.name, most_bytes=10)


def test_what_was_brought_and_never_spoken_of_goes_after_a_day(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = open_slot(most_bytes=10)
    httpx.post(slot.url, data=slot.fields, files={"file": ("IMG.jpg", b"photograph")})
    assert drop_forgotten() == 0
    monkeypatch.setattr("apps.media.incoming.FORGOTTEN_AFTER", timedelta(seconds=-5))
    assert drop_forgotten() == 1
    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)


def test_deleting_takes_the_bytes_and_the_renditions_out_of_the_bucket(bucket: Any) -> None:
    file = deliverable()
    renditions.rendition(file, "w320")
    delete(file)
    tasks.wipe(str(file.pk))
    tasks.wipe(str(file.pk))
    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)


def test_a_file_lost_by_the_bucket_is_an_error_that_names_it() -> None:
    file = deliverable()
    default_storage.delete(file.storage_name)
    with pytest.raises(FileNotFoundError):
        read(file)
