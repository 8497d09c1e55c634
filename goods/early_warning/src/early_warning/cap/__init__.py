"""The Common Alerting Protocol 1.2: read, judge, compose, write, sign, check.

    bytes ─ door ─ structure ─ meaning ─ profiles ─▸ Verdict            (judge)
    Draft ─ language packs ─▸ Alert ─ write ─▸ bytes ─ sign ─▸ bytes    (compose … sign_alert)

A signed alert is bytes. Keep them, serve them and check them as they are.
"""

from early_warning.cap.alert import Alert, Area, Info, Named, Reference, Resource, references_of
from early_warning.cap.certificate import (
    fingerprint,
    load_certificate,
    own_certificate,
    parse_certificate,
)
from early_warning.cap.compose import (
    Authority,
    Draft,
    Place,
    compose,
    compose_cancel,
    compose_update,
    new_identifier,
    refuse_unready,
)
from early_warning.cap.feed import Entry, Feed, read_feed
from early_warning.cap.finding import Finding
from early_warning.cap.follow_up import cancel, update
from early_warning.cap.packs import Hazard, Pack, load_pack, pack, shipped
from early_warning.cap.read import Verdict, judge, read_alert
from early_warning.cap.signature import Signed, certificate_in, check_signature, sign_alert
from early_warning.cap.times import cap_time, moment
from early_warning.cap.write import write_alert

__all__ = [
    "Alert",
    "Area",
    "Authority",
    "Draft",
    "Entry",
    "Feed",
    "Finding",
    "Hazard",
    "Info",
    "Named",
    "Pack",
    "Place",
    "Reference",
    "Resource",
    "Signed",
    "Verdict",
    "cancel",
    "cap_time",
    "certificate_in",
    "check_signature",
    "compose",
    "compose_cancel",
    "compose_update",
    "fingerprint",
    "judge",
    "load_certificate",
    "load_pack",
    "moment",
    "new_identifier",
    "own_certificate",
    "pack",
    "parse_certificate",
    "read_alert",
    "read_feed",
    "references_of",
    "refuse_unready",
    "shipped",
    "sign_alert",
    "update",
    "write_alert",
]
