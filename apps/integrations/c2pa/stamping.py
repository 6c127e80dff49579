"""Time stamps (RFC 3161) for the private chain: a responder on loopback that lives as long as one signature.

Production names a public time-stamping authority instead; a stamp of our own proves the time to ourselves only.
"""

import secrets
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from apps.integrations.private_chain import Chain

POLICY = "1.3.6.1.4.1.62558.99.1"
SECONDS = 10
MAX_QUERY_BYTES = 10_000


@contextmanager
def stamping_url(chain: Chain) -> Iterator[str]:
    """The address that stamps, for the time of one signature."""
    if chain.timestamp_url:
        yield chain.timestamp_url
        return

    class Responder(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers["Content-Length"]), MAX_QUERY_BYTES)
            answer = stamp(chain, self.rfile.read(length))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the signer says what went wrong."""

    with HTTPServer(("127.0.0.1", 0), Responder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def stamp(chain: Chain, query: bytes) -> bytes:
    """The reply to one query, made by the openssl program. Raises subprocess.CalledProcessError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "query").write_bytes(query)
        (folder / "serial").write_text(secrets.token_hex(16).upper())
        (folder / "stamp.conf").write_text(_configuration(chain, folder))
        command = ["openssl", "ts", "-reply", "-config", "stamp.conf", "-queryfile", "query", "-out", "reply"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603
        return (folder / "reply").read_bytes()


def _configuration(chain: Chain, folder: Path) -> str:
    lines = {
        "serial": folder / "serial",
        "signer_cert": chain.stamp_certificates.resolve(),
        "certs": chain.stamp_certificates.resolve(),
        "signer_key": chain.stamp_key.resolve(),
        "signer_digest": "sha256",
        "default_policy": POLICY,
        "digests": "sha256, sha384, sha512",
        "accuracy": "secs:1",
        "ess_cert_id_alg": "sha256",
    }
    return "[tsa]\ndefault_tsa = ours\n[ours]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items())
