"""Whose signature stands under a document. Apart from the pictures' chain: a document's signature binds.

Production names the files of its own chain; without them the first use makes a private one in the state folder.
"""

from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from django.conf import settings

from apps.integrations import private_chain
from apps.integrations.private_chain import Chain, Leaf

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
DOCUMENTS = Leaf("Double certificates", (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION), commits=True)


def current() -> Chain:
    """The chain named by the settings, or the private one, made now if need be."""
    if settings.DOCUMENT_CERTIFICATES:
        return Chain(
            anchors=Path(settings.DOCUMENT_ANCHORS),
            certificates=Path(settings.DOCUMENT_CERTIFICATES),
            key=Path(settings.DOCUMENT_KEY),
            timestamp_url=settings.C2PA_TIMESTAMP_URL,
            stamp_certificates=Path(),
            stamp_key=Path(),
        )
    return private_chain.private(Path(settings.DOCUMENT_PRIVATE_CHAIN), DOCUMENTS)
