"""`python -m config.local`: see command.py."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the modules below load: nothing runs yet, nothing to tell

from config.local.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
