"""After the event: which warnings came true, how long before, and who was not warned."""

from early_warning.audit.alerts import warned
from early_warning.audit.events import Score, Warned, Window, score
from early_warning.audit.gather import Audit, GroupAccount, HazardAudit, gather
from early_warning.audit.observations import read_observations, read_reach
from early_warning.audit.page import audit_page, write_audit
from early_warning.audit.people import Carried, Cell, Confirmed, People, Reach, people
from early_warning.audit.rate import Rate, rate

__all__ = [
    "Audit",
    "Carried",
    "Cell",
    "Confirmed",
    "GroupAccount",
    "HazardAudit",
    "People",
    "Rate",
    "Reach",
    "Score",
    "Warned",
    "Window",
    "audit_page",
    "gather",
    "people",
    "rate",
    "read_observations",
    "read_reach",
    "score",
    "warned",
    "write_audit",
]
