"""Free ports on the loopback interface."""

import random
import socket
from contextlib import closing

LOOPBACK = "127.0.0.1"
RARELY_TAKEN = range(20_000, 32_000)


def is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(*, preferred: int = 0) -> int:
    """`preferred` if nobody holds it, else one by chance below those that Linux gives to whoever asks for any: a server
    that starts half a minute later still finds it free. Raises OSError when none is."""
    for port in (preferred, *random.sample(RARELY_TAKEN, k=100)):
        if port and is_free(port):
            return port
    raise OSError("No port is free between 20000 and 32000.")
