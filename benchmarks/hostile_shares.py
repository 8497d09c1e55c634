"""Damaged needs, offers, rounds, allocations and publishers' tables, for `soak.py`."""

from __future__ import annotations

import base64
import datetime
import io
import json
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import msgspec
from tests.share.rounds import HOURS, SEATS, need, offer, round_of, signed

from comity.claims.share import Allocation, Eligibility, Kind, Round
from comity.cli.inputs import converted
from comity.cli.share_draft import example, read_people, read_statement
from comity.cli.share_floors import read_figures
from comity.errors import InputError
from comity.exchange import imports
from comity.files import parse_toml
from comity.report.allocation import Land, allocation_page
from comity.share import checker
from comity.share.allocate import allocate
from comity.share.countries import load_facts
from comity.share.explain import outcomes, wider_rules
from comity.share.floors import load_indicators
from comity.share.words import sentence

__all__ = ["SHARES"]

FOLDER = tempfile.TemporaryDirectory()
FILE = Path(FOLDER.name, "file")
FACTS = load_facts()
DAY = datetime.date(2026, 11, 1)


def _allocation(*kinds: Kind) -> bytes:
    said = [
        statement
        for kind in kinds
        for statement in (
            need("DJI", 90, floor=40, kind=kind),
            need("MNG", 70, kind=kind),
            need("KEN", 200, floor=20, kind=kind),
            offer("For least developed countries", 30, Eligibility(groups=("LDC",)), kind=kind),
            offer("For Africa", 120, Eligibility(regions=("Africa",)), kind=kind),
        )
    ]
    return msgspec.json.encode(allocate("fund.example", round_of(*kinds), signed(*said), FACTS))


ALLOCATIONS = [_allocation(HOURS), _allocation(SEATS), _allocation(HOURS, SEATS)]


def _signed(predicate: bytes) -> bytes:
    statement = b'{"predicateType": "https://x.example/allocation/v1", "predicate": %s}' % predicate
    payload = base64.b64encode(statement).decode()
    return json.dumps({"dsseEnvelope": {"payload": payload}}).encode()


def read_toml_statement(data: bytes) -> None:
    """A damaged need, offer or declaration."""
    FILE.write_bytes(data)
    read_statement(FILE)


def read_round(data: bytes) -> None:
    """Damaged rules of a round."""
    parse_toml(data.decode(errors="replace"), Round, where="round.toml")


def read_allocation(data: bytes) -> None:
    """What the signer of a hostile allocation could send: explained and shown without a fall."""
    try:
        plain = msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"no JSON: {error}") from None
    allocation = converted(plain, Allocation, "allocation")
    sentences = {
        (kind.id, one.country): sentence(one, kind, FACTS, {})
        for kind, shares in zip(allocation.round.kinds, allocation.shares, strict=True)
        for one in outcomes(shares)
    }
    lands = [Land(place.code, place.name, place.region) for place in FACTS.places[::40]]
    allocation_page(allocation, lands=lands, sentences=sentences, titles={})
    for kind in allocation.round.kinds:
        wider_rules(allocation, kind.id, 1)


def check_alone(data: bytes) -> None:
    """The separate checker never falls, and holds nothing good that has another form."""
    FILE.write_bytes(data)
    said = io.StringIO()
    with redirect_stdout(said):
        code = checker.main([str(FILE)])
    assert code in (0, 1, 2)
    assert (code == 0) == said.getvalue().startswith("It holds"), said.getvalue()
    if code:
        raise InputError(said.getvalue())


def read_people_table(data: bytes) -> None:
    """Damaged populations."""
    FILE.write_bytes(data)
    FACTS.with_people(read_people(FILE))


def read_figures_table(data: bytes) -> None:
    """Damaged figures."""
    FILE.write_bytes(data)
    read_figures(FILE, load_indicators())


def _publisher(source: str) -> Callable[[bytes], None]:
    return lambda data: void(imports.read(source, data, DAY, FACTS, source))


def void(_: object) -> None:
    """Read only to see whether it can be."""


SHARES: dict[str, tuple[list[bytes], Callable[[bytes], None]]] = {
    "need, offer, declaration": (
        [example(what).encode() for what in ("need", "offer", "declaration")],
        read_toml_statement,
    ),
    "round": ([example("round").encode()], read_round),
    "allocation": (ALLOCATIONS, read_allocation),
    "allocation, checked alone": ([_signed(one) for one in ALLOCATIONS], check_alone),
    "population": ([b"code,people\nDJI,1100000\nMNG,3400000\n"], read_people_table),
    "figures": (
        [
            b"indicator,country,seen,value,source,day\n"
            b"gpu_h100e_per_million,CHN,measured,10,Epoch,2026-04-24\n"
            b"gpu_h100e_per_million,DJI,absent,,Epoch,2026-04-24\n"
        ],
        read_figures_table,
    ),
    "Epoch AI": (
        [
            b"Name,Status,H100 equivalents,Country,Superseded by,Possible Duplicate\n"
            b'A,Existing,"1,000.5",Kenya,,\nB,Planned,5,Chad,,False\n'
        ],
        _publisher("epoch"),
    ),
    "Microsoft": (
        [b"country,AI User Share H1 2026\nKenya,12.5%\nChad,3\n"],
        _publisher("microsoft"),
    ),
    "FineWeb-2": (
        [b"subset,split,code,words\nfra_Latn,train,fr,9000000000\nswh_Latn,train,sw,5\n"],
        _publisher("languages"),
    ),
    "World Bank": (
        [b'[{"pages":1},[{"countryiso3code":"KEN","date":"2025","value":56000000}]]'],
        lambda data: void(imports.read_population(data, FACTS, "world-bank")),
    ),
}
"""By name, good files and what reads them."""
