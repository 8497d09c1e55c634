"""One profile for all property tests: a slow or busy machine fails none of them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("early_warning", deadline=None)
settings.load_profile("early_warning")
