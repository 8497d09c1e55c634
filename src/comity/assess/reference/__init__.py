"""The reference system: a simulated model whose truths are known, and claims held against them."""

from comity.assess.reference.check import Comparison, Verdict, compare, most_misses, verdict
from comity.assess.reference.model import SEED, Reference, planted
from comity.assess.reference.run import Checked, SelfCheck, self_check

__all__ = [
    "SEED",
    "Checked",
    "Comparison",
    "Reference",
    "SelfCheck",
    "Verdict",
    "compare",
    "most_misses",
    "planted",
    "self_check",
    "verdict",
]
