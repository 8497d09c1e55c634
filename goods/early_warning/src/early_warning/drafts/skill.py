"""Skill of every hazard, district, lead and level: judged once a season, kept, and looked up.

1. All of them are one family: `forecast.judge` bounds the false ones among those that are believed.
   What could not be tested, because a file is absent, counts as tested without success.
2. The verdicts are kept in the state folder as `skill.json`, with the SHA-256 of each file of pairs
   and how it is read, and the threshold that was judged. Where a file, its columns, the quantity,
   the hours of a window, or a threshold are others now, or nothing is kept, skill is not shown, and
   that is the reason told. So keep the files of pairs as they are between two seasons, and judge
   again when they have grown.
3. Cold is judged by values and threshold times −1.
4. The runs of a file of pairs are in mm, m/s or °C, and made as `windows` makes them: of each
   member the most extreme value in the district.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity import files
from comity.errors import InputError
from comity.statistics import Bounds
from early_warning.cap import Hazard
from early_warning.country import Amount, HazardSpec, Impact, PairsSpec
from early_warning.country_rules import COLD, quantity_of
from early_warning.drafts.progress import Progress, counted, quiet
from early_warning.drafts.thresholds import Limit, limits
from early_warning.forecast import Case, Pairs, Proof, Verdict, judge, prove_all, read_pairs
from early_warning.service import Service

__all__ = [
    "Judged",
    "Skill",
    "believed",
    "pairs_file",
    "pairs_of",
    "prove",
    "read_pairs_file",
    "read_skill",
    "record_of",
    "sign_of",
    "verdicts_of",
]

MAX_BYTES = 256_000_000
MAX_LEAD = 9_600


class Judged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The verdict on one method, at one level of one hazard in one district.

    Attributes:
        hazard, district, lead, impact: Of what; the lead in hours.
        amount: The threshold that was judged.
        method: Which forecast.
        shown: Whether skill was shown.
        skill, low, high: Against climatology, with the interval of this case alone.
        p: One-sided p-value of this case alone.
        rate: The least false discovery rate at which it is believed.
        words: `skill shown`, or `skill not shown` and why.
    """

    hazard: Hazard
    district: str
    lead: int
    impact: Impact
    amount: Amount
    method: Literal["isotonic", "raw"]
    shown: bool
    skill: float | None
    low: float | None
    high: float | None
    p: float
    rate: float
    words: str


class Skill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was judged.

    Attributes:
        verdicts: Every case, also those that could not be tested.
        pairs: `record_of` of each hazard, district and lead, as `heavy_rain/DJ01/24`.
        absent: Why nothing was judged; empty where something was.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1
    verdicts: tuple[Judged, ...] = ()
    pairs: dict[str, str] = {}
    absent: str = ""


def prove(service: Service, progress: Progress = quiet) -> Skill:
    """Judge the whole family and keep the verdicts. Slow: about a second for a district and lead.

    Raises:
        InputError: no hazard has files of pairs, one of them cannot be read, or the state folder
            cannot be written.
    """
    local = limits(service, progress)
    planned = [
        (hazard, spec, lead)
        for hazard in service.country.hazards
        if (spec := hazard.pairs) is not None
        for lead in _leads(service, spec)
    ]
    if not planned:
        raise InputError(
            "no hazard has files of forecasts and observations, so that no skill can be shown",
            where=str(service.folder),
            hint="Name them under `pairs` in country.toml; without them forecasts are only told.",
        )
    codes = [one.area.code for one in service.ledger.districts]
    done: list[object] = []
    share = counted(done, len(planned) * len(codes))
    digests: dict[str, str] = {}
    proofs: dict[Case, Proof] = {}
    meant: dict[Case, tuple[Hazard, str, list[Limit]]] = {}
    for hazard, _, lead in planned:
        for code in codes:
            progress(f"{hazard.hazard}, {code}, {lead} hours", share)
            digest, pairs = pairs_of(service, hazard, code, lead) or ("", None)
            if pairs is not None:
                digests[_name(hazard.hazard, code, lead)] = digest
            levels: dict[float, list[Limit]] = {}  # two levels may begin at one threshold
            for one in local[hazard.hazard, code]:
                if one.amount is not None:
                    threshold = sign_of(hazard.hazard) * float(one.amount)
                    levels.setdefault(threshold, []).append(one)
            label = f"{hazard.hazard}/{code}"
            for case, proof in prove_all(label, lead, pairs, list(levels)).items():
                assert case.threshold is not None
                proofs[case] = proof
                meant[case] = (hazard.hazard, code, levels[case.threshold])
            done.append(code)
    verdicts = judge(proofs)
    skill = Skill(
        verdicts=tuple(
            _judged(one, name, code, limit)
            for case, one in verdicts.items()
            for name, code, several in [meant[case]]
            for limit in several
        ),
        pairs=digests,
    )
    files.make_folder(service.state)
    files.write_atomic(service.state / "skill.json", msgspec.json.encode(skill))
    return skill


def read_skill(service: Service) -> Skill:
    """The verdicts that are kept; none, with the reason, where there are none to be read."""
    path = service.state / "skill.json"
    if not path.exists():
        return Skill(absent="skill was never judged (early-warning prove)")
    try:
        return msgspec.json.decode(files.read_bytes(path, MAX_BYTES), type=Skill)
    except (InputError, msgspec.DecodeError):
        return Skill(absent="the verdicts that are kept cannot be read: judge skill again")


def verdicts_of(
    skill: Skill,
) -> Mapping[tuple[Hazard, str, int], Sequence[Judged]]:
    """The verdicts by hazard, district and lead."""
    found: dict[tuple[Hazard, str, int], list[Judged]] = {}
    for one in skill.verdicts:
        found.setdefault((one.hazard, one.district, one.lead), []).append(one)
    return found


def pairs_file(service: Service, hazard: HazardSpec, code: str, lead: int) -> Path | None:
    """Where the record of a district and lead stands; null where there is none.

    Raises:
        InputError: the code has letters that no file's name has.
    """
    if hazard.pairs is None:
        return None
    path = service.file_of(hazard.pairs.files, code=code, lead=str(lead))
    return path if path.exists() else None


def read_pairs_file(path: Path, hazard: HazardSpec) -> Pairs:
    """The record in a file of pairs; of cold all values are times −1 (rule 3).

    Raises:
        InputError: it cannot be read.
    """
    spec = hazard.pairs
    assert spec is not None
    pairs = read_pairs(path, day=spec.day, observed=spec.observed, members=spec.members)
    if hazard.hazard == COLD:
        pairs = replace(pairs, observed=-pairs.observed, members=-pairs.members)
    return pairs


def pairs_of(
    service: Service, hazard: HazardSpec, code: str, lead: int
) -> tuple[str, Pairs] | None:
    """The record of a district and lead with its `record_of`; null where there is none.

    Raises:
        InputError: the file is there and cannot be read.
    """
    path = pairs_file(service, hazard, code, lead)
    return None if path is None else (record_of(path, hazard), read_pairs_file(path, hazard))


def record_of(path: Path, hazard: HazardSpec) -> str:
    """SHA-256 of a file of pairs, and of what `country.toml` says that it holds.

    Raises:
        InputError: it cannot be read.
    """
    told = [files.digest_file(path), hazard.hazard, quantity_of(hazard), hazard.hours, hazard.pairs]
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def sign_of(hazard: Hazard) -> int:
    """Rule 3."""
    return -1 if hazard == COLD else 1


def believed(
    skill: Skill,
    found: Sequence[Judged],
    hazard: Hazard,
    code: str,
    lead: int,
    limit: Limit,
    digest: str,
) -> list[Verdict] | str:
    """The verdicts that hold now at one level, or why there are none (rule 2).

    Args:
        skill: What is kept.
        found: Its verdicts on this hazard, district and lead.
        hazard: Which one.
        code: Of the district.
        lead: In hours.
        limit: The threshold as it is now.
        digest: `record_of` the file of pairs as it is now.
    """
    if skill.absent:
        return skill.absent
    if not found:
        return "skill was not judged at this lead"
    if skill.pairs.get(_name(hazard, code, lead)) != digest:
        return (
            "the forecasts and observations, or how they are read, are not those of the judgement"
        )
    mine = [one for one in found if one.impact == limit.impact]
    if not mine or any(one.amount != limit.amount for one in mine):
        return "skill was judged at another threshold"
    assert limit.amount is not None
    threshold = sign_of(hazard) * float(limit.amount)
    return [
        Verdict(
            Case(code, lead, one.method, threshold),
            one.shown,
            Bounds(one.skill, one.low, one.high, "kept"),
            one.p,
            one.rate,
            one.words,
        )
        for one in mine
    ]


def _judged(verdict: Verdict, hazard: Hazard, code: str, limit: Limit) -> Judged:
    assert limit.amount is not None
    return Judged(
        hazard=hazard,
        district=code,
        lead=verdict.case.lead,
        impact=limit.impact,
        amount=limit.amount,
        method=verdict.case.method,
        shown=bool(verdict.shown),
        skill=verdict.skill.estimate,
        low=verdict.skill.low,
        high=verdict.skill.high,
        p=verdict.p,
        rate=verdict.rate,
        words=verdict.words,
    )


def _name(hazard: Hazard, code: str, lead: int) -> str:
    return f"{hazard}/{code}/{lead}"


def _leads(service: Service, spec: PairsSpec) -> list[int]:
    """All leads for which some district has a file."""
    found: set[int] = set()
    folders: dict[Path, list[str]] = {}
    for district in service.ledger.districts:
        pattern = service.file_of(spec.files, code=district.area.code, lead="{lead}")
        before, _, after = pattern.name.partition("{lead}")
        shape = re.compile(f"{re.escape(before)}([0-9]{{1,4}}){re.escape(after)}")
        if pattern.parent not in folders:
            names = pattern.parent.iterdir() if pattern.parent.is_dir() else ()
            folders[pattern.parent] = [one.name for one in names]
        leads = (shape.fullmatch(name) for name in folders[pattern.parent])
        found |= {int(one[1]) for one in leads if one and 0 < int(one[1]) <= MAX_LEAD}
    return sorted(found)
