"""The nouns of the house: measure, procedure, claim, system, assessment. Pure data, no I/O."""

from comity.claims.assessment import (
    ASSESSMENT_TYPE,
    TYPE_BASE,
    Assessment,
    Assessor,
    Cost,
    Data,
    Energy,
    Evidence,
    Identity,
    Role,
    System,
    Tool,
)
from comity.claims.catalogue import CATALOGUE
from comity.claims.claim import (
    Cell,
    Claim,
    Counts,
    Interval,
    Judge,
    Procedure,
    measurand_digest,
)
from comity.claims.measure import Measure
from comity.claims.reasons import Reason
from comity.claims.values import (
    canonical_bytes,
    decimal_text,
    digest_of,
    round_down,
    round_up,
    timestamp,
)

__all__ = [
    "ASSESSMENT_TYPE",
    "CATALOGUE",
    "TYPE_BASE",
    "Assessment",
    "Assessor",
    "Cell",
    "Claim",
    "Cost",
    "Counts",
    "Data",
    "Energy",
    "Evidence",
    "Identity",
    "Interval",
    "Judge",
    "Measure",
    "Procedure",
    "Reason",
    "Role",
    "System",
    "Tool",
    "canonical_bytes",
    "decimal_text",
    "digest_of",
    "measurand_digest",
    "round_down",
    "round_up",
    "timestamp",
]
