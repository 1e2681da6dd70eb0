"""Run the command line: `python -m layerwalk` is the command `layerwalk`."""

import sys

from layerwalk.tui.cli import command

if __name__ == "__main__":
    sys.exit(command())
