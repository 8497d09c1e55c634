"""Lets `python -m comity` do what `comity` does."""

import sys

from comity.cli import main

sys.exit(main())
