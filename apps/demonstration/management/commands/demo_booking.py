"""`manage.py demo_booking [--json]`: one booking from the draft to downloaded pictures, beside the running site."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.demonstration.booking import DidNotHappen, Plan, play
from apps.organizations.models import Organization
from apps.twins.models import Twin

MOST_LOOKS = 8
MOST_PICTURES = 60
WRONG_USE = 2


class Command(BaseCommand):
    help = "Play one whole booking with the demonstration's people; needs the running services."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")
        parser.add_argument("--twin", default="maya-okafor", help="slug of a model")
        parser.add_argument("--brand", default="halden-rye", help="slug of a brand")
        parser.add_argument("--looks", type=int, default=2)
        parser.add_argument("--pictures", type=int, default=4, help="in total, over all looks")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration.", returncode=WRONG_USE)
        plan = Plan(
            brand=_brand(options["brand"]),
            twin=_twin(options["twin"]),
            looks=_number(options["looks"], 1, MOST_LOOKS, "looks"),
            pictures=_number(options["pictures"], options["looks"], MOST_PICTURES, "pictures"),
            say=self.stderr.write,
        )
        try:
            told = play(plan)
        except DidNotHappen as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _in_words(told))
        if told["state"] != "delivered" or not told["ledger_balanced"]:
            raise CommandError("The booking was not delivered, or the ledger does not balance.")


def _brand(slug: str) -> Organization:
    found = Organization.objects.filter(kind="brand", slug=slug, synthetic=True)
    return _one(found.first(), slug, "brand", Organization.objects.filter(kind="brand").values_list("slug", flat=True))


def _twin(slug: str) -> Twin:
    found = Twin.objects.select_related("talent").filter(talent__slug=slug, talent__synthetic=True)
    return _one(found.first(), slug, "twin", Twin.objects.values_list("talent__slug", flat=True))


def _one(found: Any, slug: str, noun: str, known: Any) -> Any:
    if found is None:
        raise CommandError(f"There is no {noun} “{slug}”. There are: {', '.join(sorted(known))}.", returncode=WRONG_USE)
    return found


def _number(value: int, lowest: int, highest: int, noun: str) -> int:
    if not lowest <= value <= highest:
        raise CommandError(f"From {lowest} to {highest} {noun}, not {value}.", returncode=WRONG_USE)
    return value


def _in_words(told: dict[str, Any]) -> str:
    lines = [f"{told['booking']} {told['state']} in {told['seconds']} s"]
    lines += [f"  {row['look']}: {row['path']}  likeness {row['likeness']:.2f}" for row in told["deliverables"]]
    lines += [f"  {row['kind']:14} {row['amount_minor'] / 100:>10,.2f} {row['currency']}" for row in told["split"]]
    return "\n".join(lines)
