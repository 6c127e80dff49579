"""``python -m gpu_service --host 127.0.0.1 --port 9100 --data DIR``"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import uvicorn

from gpu_service.app import create_app
from gpu_service.settings import BadSettings, Settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="gpu_service", description="The picture service of the open contract.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder for jobs, pictures and caches")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = Settings.from_environment(arguments.data)
    except BadSettings as error:
        sys.exit(str(error))
    # The service's own grace for running jobs comes after uvicorn has answered open requests.
    uvicorn.run(
        create_app(settings),
        host=arguments.host,
        port=arguments.port,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
