"""After the event: which warnings came true, how long before, and who was not warned."""

from early_warning.audit.events import Score, Warned, Window, score
from early_warning.audit.page import Audit, audit_page, write_audit
from early_warning.audit.people import Carried, Cell, Confirmed, People, Reach, people
from early_warning.audit.rate import Rate, rate

__all__ = [
    "Audit",
    "Carried",
    "Cell",
    "Confirmed",
    "People",
    "Rate",
    "Reach",
    "Score",
    "Warned",
    "Window",
    "audit_page",
    "people",
    "rate",
    "score",
    "write_audit",
]
