"""Lets `python -m early_warning` do what `early-warning` does."""

import sys

from early_warning.cli import main

sys.exit(main())
