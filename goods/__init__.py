"""Packages that depend on Comity, and on which Comity does not depend."""
