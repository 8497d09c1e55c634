"""A first draft of an agreement: careful values for everything, and the file with its comments."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from comity.claims import CATALOGUE
from comity.claims.agreement import (
    Agreement,
    Freshness,
    Laboratory,
    LogRule,
    Party,
    Row,
    StatusDuties,
)
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims.regime import Signer

__all__ = ["COMMENTS", "HEAD", "draft", "measures_of"]

HEAD = """An agreement: whose measurements count where. It recognises measurements, never verdicts.
Look through it:      comity agreement check FILE
Read it in words:     comity agreement show FILE
Each party signs it:  comity agreement sign FILE --key KEY
Every field must be there, also where it is empty. After signing, change nothing."""

COMMENTS = {
    "valid_from": "First and last day.",
    "profiles": "Test profiles that rows may name: [[profiles]] id, procedures, exact_use, data.",
    "differences": "Published national differences: [[differences]] id, receiver, mode (add,\n"
    "replace or drop), old, new, reason.",
    "equivalence": "Comparisons that a laboratory must have passed: [[equivalence]] comparison,\n"
    "statistic, margin, max_age_days.",
    "grandfather": "Older profiles that count for a while: [[grandfather]] started_before,\n"
    "counts_until, profiles.",
    "spot_check_share": "Share of the items that a receiver may ask to test again itself.",
    "transitive": "Never: what one party recognises does not count for another.",
    "freshness": "How old evidence may be, in days, and whether it survives a change of the\n"
    "model: model_change = none (the digest must be the same) or same_version.",
    "log": "Witnesses that must have cosigned a log in which the statement stands. 0: no log.",
    "duties": "What the parties owe each other when something goes wrong. For people.",
    "parties": "Who agrees, and the key with which each signs (SHA-256 of the public key).",
    "rows": "One direction, one scope. Reciprocity is two rows. What no row covers does not count.",
    "rows.laboratories": "The highest role in which each laboratory is admitted.",
    "rows.profile": "A profile that the claim must follow, or none.",
    "rows.procedures": "Digests of procedures, or any of the measures below.",
    "rows.populations": 'Populations, each by equality, or any: [{country = "…"}].',
    "rows.languages": "Languages (the label `language` of a population), or any.",
    "rows.range": "Lowest and highest value covered, or any.",
    "rows.smallest_uncertainty": "Smallest half-width of a 95 % interval that these laboratories\n"
    "may claim; 0 limits nothing.",
    "rows.least_binding": "What evidence must be …",
    "rows.cap_binding": "… and as what it counts at most.",
}


def draft(
    title: str,
    parties: Sequence[Party],
    laboratories: Sequence[tuple[str, Laboratory]],
    measures: Sequence[str],
    valid_from: datetime.date,
    valid_until: datetime.date,
) -> Agreement:
    """Draft an agreement: whoever names laboratories issues, and every other party receives.

    Args:
        title: Title.
        parties: Who agrees.
        laboratories: Origin of the party that names it, and the laboratory.
        measures: Ids of the measures covered.
        valid_from: First day.
        valid_until: Last day.

    Raises:
        InputError: the parts contradict each other.
    """
    rows = [
        _row(issuer.signer, receiver.signer, named, measures)
        for issuer in parties
        for receiver in parties
        if issuer is not receiver
        and (named := [lab for origin, lab in laboratories if origin == issuer.signer.origin])
    ]
    strangers = {origin for origin, _ in laboratories} - {one.signer.origin for one in parties}
    if strangers:
        raise InputError(f"{min(strangers)} names a laboratory but is no party")
    try:
        return Agreement(
            title=title,
            parties=tuple(parties),
            valid_from=valid_from,
            valid_until=valid_until,
            profiles=(),
            rows=tuple(rows),
            differences=(),
            equivalence=(),
            freshness=Freshness(max_age_days=365, model_change="none"),
            log=LogRule(quorum=0, max_checkpoint_age_hours=0),
            grandfather=(),
            spot_check_share="0.05",
            duties=StatusDuties(
                notice_hours=72,
                suspension_max_days=42,
                disputes="The authorities speak with each other first.",
            ),
            transitive=False,
        )
    except ValueError as error:
        raise InputError(str(error)) from None


def measures_of(words: Sequence[str]) -> tuple[str, ...]:
    """Ids of measures, from ids and names of whole risks such as `fairness`.

    Raises:
        InputError: a word is neither.
    """
    found: dict[str, None] = {}
    for word in words:
        ids = [one.id for one in CATALOGUE.values() if word in (one.id, one.risk)]
        if not ids:
            raise InputError(
                f"there is no measure or risk {word!r}",
                hint="`comity measures list` names them all.",
            )
        found.update(dict.fromkeys(ids))
    return tuple(found)


def _row(
    issuer: Signer, receiver: Signer, laboratories: Sequence[Laboratory], measures: Sequence[str]
) -> Row:
    return Row(
        id=f"{issuer.origin}-to-{receiver.origin}".replace("/", "_")[:64],
        issuer=issuer.origin,
        receiver=receiver.origin,
        laboratories=tuple(laboratories),
        profile="none",
        procedures="any",
        measures=tuple(measures),
        populations="any",
        languages="any",
        range="any",
        smallest_uncertainty="0",
        least_binding="declared",
        least_role="independent",
        cap_binding="weights",
        cap_role="accredited",
    )
