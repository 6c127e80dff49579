"""Mails about an account, sent by a worker: no page waits for the mail server or tells by its pace who has one."""

import base64
import json

from celery import shared_task

from apps.common.letters import letter
from apps.common.sealing import master_key, seal, unseal
from apps.common.wording import Saying

_BOUND_TO = b"letter"


def sealed(saying: Saying, *, to: str, language: str, link: str) -> str:
    """What the broker holds of a mail: nobody who reads it there could follow a secret link."""
    told = {"kind": saying.kind, "values": saying.values, "to": to, "language": language, "link": link}
    return base64.urlsafe_b64encode(seal(master_key(), json.dumps(told).encode(), _BOUND_TO)).decode()


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=12)  # for about an hour
def send_letter(message: str) -> None:
    told = json.loads(unseal(master_key(), base64.urlsafe_b64decode(message), _BOUND_TO))
    saying = Saying(told["kind"], told["values"])
    letter(saying, to=told["to"], language=told["language"], link=told["link"]).send()
