"""From ensemble forecast to signed warning to who was missed.

No alerting authority: advisory until a service adopts it.
"""

__version__ = "0.1.0"
