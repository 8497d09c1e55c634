"""An agreement in plain words, for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from comity.cli.terminal import safe_text

if TYPE_CHECKING:
    from comity.claims.agreement import Agreement, Difference, Profile, Row
    from comity.claims.regime import Signer

__all__ = ["agreement_words"]

WIDTH = 13


def agreement_words(
    agreement: Agreement, signers: Sequence[Signer] | None, statement: str | None = None
) -> str:
    """Say what an agreement lets count where.

    Args:
        agreement: The agreement.
        signers: Whose signatures were verified, or None where nobody was asked to sign yet.
        statement: Its identity, by which decisions name it; None where it was told already.
    """
    from comity.attest import fingerprint_of

    lines = [
        safe_text(agreement.title),
        _line("valid", f"{agreement.valid_from} to {agreement.valid_until}"),
        *([_line("identity", statement)] if statement else []),
        "",
        "Parties",
    ]
    width = max(len(party.signer.origin) for party in agreement.parties)
    for party in agreement.parties:
        state = _signed(party.signer, signers)
        lines.append(
            f"  {party.signer.origin:<{width}}  for {party.jurisdiction:<12} {state}".rstrip()
        )
        lines.append(f"  {'':<{width}}  key {fingerprint_of(party.signer.key)}")
    for row in agreement.rows:
        lines += ["", f"Row {row.id}: what {row.issuer} measures counts for {row.receiver}"]
        lines += [_line(*pair) for pair in _row(row)]
    for profile in agreement.profiles:
        lines += ["", *_profile(profile)]
    if agreement.differences:
        lines += ["", "National differences"]
        lines += [_line(one.mode, _difference(one)) for one in agreement.differences]
    lines += ["", "Conditions", *(_line(*pair) for pair in _conditions(agreement))]
    return "\n".join(lines)


def _line(name: str, value: str) -> str:
    head = f"  {name:<{WIDTH}} "
    inner = " " * len(head)
    return textwrap.fill(
        safe_text(value), 100, initial_indent=head, subsequent_indent=inner, break_long_words=False
    )


def _signed(party: Signer, signers: Sequence[Signer] | None) -> str:
    if signers is None:
        return ""
    return "✓ has signed" if party in signers else "✗ has not signed"


def _row(row: Row) -> Iterator[tuple[str, str]]:
    for place, laboratory in enumerate(row.laboratories):
        yield "" if place else "laboratories", f"{laboratory.signer.origin} as {laboratory.role}"
    yield "measures", ", ".join(row.measures) or "none"
    if row.procedures == "any":
        yield "procedures", "any of these measures"
    else:
        yield "procedures", ", ".join(f"{one[:12]}…" for one in row.procedures) or "none"
    if row.profile != "none":
        yield "profile", f"must follow {row.profile}"
    if row.populations == "any":
        yield "populations", "any"
    else:
        yield "populations", "; ".join(map(_labels, row.populations)) or "none"
    yield "languages", "any" if row.languages == "any" else ", ".join(row.languages) or "none"
    if row.range != "any":
        yield "values", f"{row.range[0]} to {row.range[1]}"
    if row.smallest_uncertainty != "0":
        yield "uncertainty", f"± {row.smallest_uncertainty} or more; a surer claim is outside"
    yield "asks for", f"bound by {row.least_binding} or firmer; {row.least_role} or higher"
    yield "counts as", f"at most {row.cap_binding}, at most {row.cap_role}"


def _labels(population: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in population.items()) or "unnamed"


def _profile(profile: Profile) -> Iterator[str]:
    yield f"Profile {profile.id}"
    yield _line("procedures", ", ".join(f"{one[:12]}…" for one in profile.procedures) or "none")
    if profile.exact_use:
        yield _line("data", "exact use: only " + ", ".join(f"{d[:12]}…" for d in profile.data))


def _difference(difference: Difference) -> str:
    old, new = f"{difference.old[:12]}…", f"{difference.new[:12]}…"
    what = {"add": f"also {new}", "replace": f"{new} instead of {old}", "drop": f"without {old}"}
    return f"{difference.receiver}, {what[difference.mode]} ({difference.id}): {difference.reason}"


def _conditions(agreement: Agreement) -> Iterator[tuple[str, str]]:
    fresh = agreement.freshness
    same = {
        "none": "the system must be the very same",
        "same_version": "name and version of the system suffice; it then counts as declared",
    }
    yield "age", f"at most {fresh.max_age_days} days; {same[fresh.model_change]}"
    log = agreement.log
    if log.quorum:
        yield "log", f"{log.quorum} witnesses, no older than {log.max_checkpoint_age_hours} hours"
    else:
        yield "log", "none is asked for"
    for rule in agreement.equivalence:
        yield (
            "equivalence",
            f"{rule.statistic} within ± {rule.margin} in {rule.comparison}, "
            f"not older than {rule.max_age_days} days",
        )
    for old in agreement.grandfather:
        yield (
            "transition",
            f"begun before {old.started_before}: {', '.join(old.profiles)} counts until "
            f"{old.counts_until}",
        )
    yield "spot checks", f"a share of up to {agreement.spot_check_share} of the items"
    duties = agreement.duties
    yield (
        "duties",
        f"notice within {duties.notice_hours} hours; suspension at most "
        f"{duties.suspension_max_days} days",
    )
    yield "disputes", duties.disputes
    yield "transitive", "never: what one party recognises does not count for another"
