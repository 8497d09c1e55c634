"""Who lives where: boundaries, people with their groups, and which cells of a grid are theirs.

Every repair is listed, unmatched codes stop the run, and nobody is lost silently.
"""

from early_warning.people.boundaries import Area, Boundaries, BoundarySpec, read_boundaries
from early_warning.people.fractions import district_weights
from early_warning.people.ledger import District, GroupCount, Ledger, Stranded, join
from early_warning.people.shapes import Repair
from early_warning.people.tables import RESIDENTS, Count, TableSpec, read_table
from early_warning.people.unwarned import Unwarned, sentences, unwarned

__all__ = [
    "RESIDENTS",
    "Area",
    "Boundaries",
    "BoundarySpec",
    "Count",
    "District",
    "GroupCount",
    "Ledger",
    "Repair",
    "Stranded",
    "TableSpec",
    "Unwarned",
    "district_weights",
    "join",
    "read_boundaries",
    "read_table",
    "sentences",
    "unwarned",
]
