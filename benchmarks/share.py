"""How long a donor round takes: 193 countries, 10,000 offers, 5 kinds, exact, with its proof.

    .venv/bin/python benchmarks/share.py [--offers 10000]

Times are of one thread: reading the offers' rules, sharing out, and the separate checker; beside
them the first of HiGHS's levels alone, for one kind, as a linear programme in floating point.
"""

from __future__ import annotations

import argparse
import datetime
import random
import resource
import time

import msgspec
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from comity.claims.share import Eligibility, Kind, Need, NeedRow, Offer, Proof, Round, Shares
from comity.share import checker
from comity.share.allocate import Signed, allocate
from comity.share.countries import load_facts

DAY, END = datetime.date(2026, 11, 1), datetime.date(2027, 10, 31)
KINDS = ("gpu_hours", "storage", "support_weeks", "money", "seats")


def made_up(offers: int, seed: int = 1) -> tuple[Round, list[Signed]]:
    """A round with one declaration a country and so many offers, by rules as donors write them."""
    draw, facts = random.Random(seed), load_facts()
    kinds = tuple(
        Kind(id=kind, title=kind, unit="unit", lot=1_000 if kind == "seats" else None)
        for kind in KINDS
    )
    paper = Proof(title="National plan", day=DAY)
    said: list[Need | Offer] = []
    supply = dict.fromkeys(KINDS, 0)
    for place in facts.places:
        rows = []
        for kind in KINDS:
            need = draw.randint(1_000, 1_000_000)
            supply[kind] += need
            rows.append(
                NeedRow(kind=kind, unit="unit", floor=need // 3, need=need, evidence=(paper,))
            )
        said.append(
            Need(
                authority="office.example",
                country=place.code,
                valid_from=DAY,
                valid_until=END,
                rows=tuple(rows),
            )
        )
    regions = sorted(facts.regions)
    for at in range(offers):
        kind = KINDS[at % len(KINDS)]
        rule = Eligibility(
            groups=draw.choice([(), (), ("LDC",), ("LDC", "SIDS"), ("LLDC",)]),
            regions=draw.choice([(), tuple(draw.sample(regions, draw.randint(1, 3)))]),
            languages=draw.choice([(), (), (), ("fr",), ("ar",), ("en",), ("es",)]),
        )
        each = supply[kind] * 7 // (20 * offers // len(KINDS))
        said.append(
            Offer(
                authority="donor.example",
                title=f"Offer {at}",
                kind=kind,
                unit="unit",
                amount=draw.randint(1, 2 * each),
                rival=True,
                eligible=rule,
                opens=DAY,
                closes=END,
            )
        )
    rules = Round(id="round", title="Round", day=DAY, lottery="seed", kinds=kinds)
    return rules, [Signed(f"{at:064x}", one) for at, one in enumerate(said)]


def first_level(shares: Shares) -> float:
    """Seconds that HiGHS takes for the worst level of the floors, pools grouped as ours are."""
    number = {ask.country: at for at, ask in enumerate(shares.asks)}
    arcs = [(pool, number[code]) for pool, row in enumerate(shares.pools) for code in row.eligible]
    pools, countries = np.array(arcs).T
    size, at = len(arcs) + 1, np.arange(len(arcs))
    upper = coo_matrix((np.ones(len(arcs)), (pools, at)), shape=(len(shares.pools), size))
    floors = np.array([ask.floor for ask in shares.asks], dtype=float)
    equal = coo_matrix(
        (
            np.concatenate([np.ones(len(arcs)), -floors]),
            (
                np.concatenate([countries, np.arange(len(floors))]),
                np.concatenate([at, np.full(len(floors), size - 1)]),
            ),
        ),
        shape=(len(floors), size),
    )
    cost = np.zeros(size)
    cost[-1] = -1
    start = time.perf_counter()
    linprog(
        cost,
        A_ub=upper.tocsr(),
        b_ub=[sum(part.amount for part in row.offers) for row in shares.pools],
        A_eq=equal.tocsr(),
        b_eq=np.zeros(len(floors)),
        bounds=[(0, None)] * (size - 1) + [(0, 1)],
        method="highs",
    )
    return time.perf_counter() - start


def main() -> None:
    """Print one line for each number of offers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, nargs="+", default=[10_000, 100_000])
    for offers in parser.parse_args().offers:
        rules, statements = made_up(offers)
        facts = load_facts()
        start = time.perf_counter()
        result = allocate("fund.example", rules, statements, facts)
        shared = time.perf_counter() - start
        plain = msgspec.json.decode(msgspec.json.encode(result))
        start = time.perf_counter()
        wrong = checker.check_all(plain)
        checked = time.perf_counter() - start
        assert not wrong, wrong
        pools = sum(len(shares.pools) for shares in result.shares)
        links = sum(len(shares.chain) for shares in result.shares)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{offers:>8,} offers of 5 kinds in {pools:,} pools: shared in {shared:.2f} s, "
            f"checked in {checked:.2f} s, {links} links, {memory} MB; "
            f"HiGHS, first level of one kind: {first_level(result.shares[0]):.2f} s"
        )


if __name__ == "__main__":
    main()
