"""From ensemble forecast to signed warning: the package, and its tests."""
