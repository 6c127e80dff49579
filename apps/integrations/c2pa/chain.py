"""Whose signature it is: root, issuing authority and leaf on P-256, and the keys that time stamps are made with.

Production names the files of its own chain. Without them the first use makes a private chain in the state folder;
public viewers call that one untrusted until a certificate of the C2PA conformance programme is bought.
"""

from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from django.conf import settings

from apps.integrations import private_chain
from apps.integrations.private_chain import Chain, Leaf

C2PA_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
# Readers of either age accept the leaf: older ones ask for e-mail protection.
PICTURES = Leaf("Double pictures", (C2PA_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION))


def current() -> Chain:
    """The chain named by the settings, or the private one, made now if need be."""
    if settings.C2PA_CERTIFICATES:
        return Chain(
            anchors=Path(settings.C2PA_ANCHORS),
            certificates=Path(settings.C2PA_CERTIFICATES),
            key=Path(settings.C2PA_KEY),
            timestamp_url=settings.C2PA_TIMESTAMP_URL,
            stamp_certificates=Path(),
            stamp_key=Path(),
        )
    return private_chain.private(Path(settings.C2PA_PRIVATE_CHAIN), PICTURES)
