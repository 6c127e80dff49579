"""Prints what GPU_SERVICE_VOUCHER_KEYS of a GPU service has to hold so that it takes our vouchers."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.generation.vouchers import public_key


class Command(BaseCommand):
    help = "Print the public key of our vouchers (base64url, Ed25519)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(public_key())
