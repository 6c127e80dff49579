"""How the library is held: it trusts our anchors only, asks no network, and keeps no thumbnail.

A default thumbnail would embed the reference photograph, which is biometric data. This file is also loaded by the
reading child, which has no Django: it imports nothing of ours.
"""

from typing import Any

# C2PA signing, e-mail protection, time stamping.
TRUSTED_USAGES = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.4\n1.3.6.1.5.5.7.3.8"


def context_settings(anchors: str) -> dict[str, Any]:
    return {
        "version": 1,
        "trust": {"trust_anchors": anchors, "trust_config": TRUSTED_USAGES},
        "verify": {
            "verify_trust": True,
            "verify_after_sign": True,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "core": {"allowed_network_hosts": []},
        "builder": {"thumbnail": {"enabled": False}},
    }
