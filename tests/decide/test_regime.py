"""Regimes: what a file may say, how an authority adopts it, and what the linter finds."""

from __future__ import annotations

import datetime
import tomllib
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from comity.claims import regime as nouns
from comity.claims.overlay import (
    Add,
    Drop,
    Operation,
    RegimeOverlay,
    Replace,
    SignedOverlay,
    Tighten,
    Verify,
)
from comity.claims.regime import ProcedureRule, Regime, Requirement, Transition
from comity.decide import lint, resolve
from comity.errors import InputError
from tests.decide.world import (
    COAST,
    NORTH,
    PARAMETERS,
    SOURCE,
    TODAY,
    jurisdiction_of,
    mark,
    overlay,
    regime,
    requirement,
    rule,
    sha,
    signer,
)


def parameters(*, free: tuple[str, ...] = (), **changes: str | None) -> ProcedureRule:
    """The ordinary rule with other parameters; None takes one out."""
    merged = PARAMETERS | changes
    return rule(parameters={k: v for k, v in merged.items() if v is not None}, free=free)


BASE = regime(requirement(mark=mark(basis="secondary")), requirement(id="other"))


def example() -> str:
    """The file in the docstring of the nouns, as an author would write it."""
    assert nouns.__doc__ is not None
    text = nouns.__doc__.partition("`Regime`:\n\n")[2].partition("\n`decide.lint`")[0]
    return "\n".join(line[4:] for line in text.splitlines())


def resolved_with(*operations: Operation, base: Regime = BASE) -> dict[str, Requirement]:
    flat = resolve(base, (overlay(base, *operations),), jurisdiction_of)
    return {one.id: one for one in flat.regime.requirements}


def test_the_example_file_is_a_regime_without_doubts() -> None:
    made = msgspec.convert(tomllib.loads(example()), Regime)
    assert [one.id for one in made.requirements] == ["reach"]
    assert lint(made) == ()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(
            {"mark": mark("90")},
            "write a percentage as a ratio, 90 % as 0.9",
            id="a percentage where the unit is a ratio",
        ),
        pytest.param(
            {"mark": None}, "a machine can decide only with", id="a machine without a mark"
        ),
        pytest.param({"procedure": None}, "needs the `procedure`", id="a mark without a procedure"),
        pytest.param(
            {"procedure": rule(), "id": "no spaces"}, None, id="an id with a space, from a file"
        ),
    ],
)
def test_a_requirement_that_cannot_be_meant_is_refused(
    change: dict[str, Any], complaint: str | None
) -> None:
    if complaint is None:
        with pytest.raises(msgspec.ValidationError, match="regex"):
            msgspec.convert(msgspec.to_builtins(requirement(**change)), Requirement)
        return
    with pytest.raises(ValueError, match=complaint):
        requirement(**change)


def test_a_measure_in_seconds_may_have_a_mark_of_90() -> None:
    made = requirement(
        procedure=rule("footprint.assessment_cpu_seconds"), mark=mark("90", comparison="at_most")
    )
    assert made.mark is not None and made.mark.value == "90"


def test_a_parameter_cannot_be_both_fixed_and_free() -> None:
    with pytest.raises(ValueError, match="both fixed and free"):
        rule(free=("positive",))


def test_an_id_that_is_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="given twice"):
        regime(requirement(), requirement())


def test_without_overlays_a_regime_is_itself() -> None:
    flat = resolve(BASE, (), jurisdiction_of)
    assert (flat.regime, flat.base, flat.adopted) == (BASE, BASE.digest, {})


def test_verifying_makes_a_number_read_and_names_who_read_it() -> None:
    signed = overlay(BASE, Verify(requirement="reach", value="0.9", source=SOURCE))
    flat = resolve(BASE, (signed,), jurisdiction_of)
    made = flat.regime.requirements[0].mark
    assert made is not None and (made.basis, made.source) == ("read_in_text", SOURCE)
    assert flat.adopted == {"reach": signed.statement}


def test_tighten_replace_drop_and_add() -> None:
    local = requirement(id="local")
    found = resolved_with(
        Tighten(requirement="reach", mark=mark("0.95"), reason="winter"),
        Replace(requirement=replace(BASE.requirements[1], title="Ours"), reason="law"),
        Add(requirement=local, reason="law"),
    )
    assert list(found) == ["reach", "other", "local"]
    assert found["reach"].mark == mark("0.95")
    assert found["other"].title == "Ours"
    assert list(resolved_with(Drop(requirement="reach", reason="no such duty"))) == ["other"]


@pytest.mark.parametrize(
    ("operation", "complaint"),
    [
        pytest.param(
            Tighten(requirement="other", mark=mark("0.89"), reason=""),
            "0.89 instead of 0.9",
            id="tightening to an easier number",
        ),
        pytest.param(
            Tighten(requirement="other", mark=mark("0.95", min_n=299), reason=""),
            "fewer items",
            id="a harder number on fewer items",
        ),
        pytest.param(
            Tighten(requirement="other", mark=mark("0.95", reading="literal"), reason=""),
            "count instead of the bound",
            id="a harder number, read literally",
        ),
        pytest.param(
            Tighten(requirement="other", mark=mark(comparison="at_most"), reason=""),
            "at_most instead of at_least",
            id="turning the mark round",
        ),
        pytest.param(
            Tighten(requirement="other", mark=mark(), reason=""),
            "changes nothing",
            id="tightening nothing",
        ),
        pytest.param(
            Tighten(requirement="other", mark=mark("90"), reason=""),
            "write a percentage as a ratio",
            id="tightening a ratio to a percentage",
        ),
        pytest.param(
            Verify(requirement="other", value="0.8", source=SOURCE),
            "the authority read 0.8",
            id="verifying another number than the base has",
        ),
        pytest.param(
            Drop(requirement="none", reason=""),
            "no requirement none",
            id="dropping what is not there",
        ),
        pytest.param(
            Add(requirement=requirement(), reason=""), "there already", id="adding what is there"
        ),
    ],
)
def test_an_overlay_that_does_not_do_what_it_says_is_refused(
    operation: Operation, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        resolved_with(operation)


def test_for_a_limit_tighter_is_lower() -> None:
    base = regime(requirement(mark=mark("0.05", comparison="at_most")))
    lower, higher = (
        Tighten(requirement="reach", mark=mark(value, comparison="at_most"), reason="")
        for value in ("0.04", "0.06")
    )
    assert resolved_with(lower, base=base)["reach"].mark == lower.mark
    with pytest.raises(InputError, match=r"0\.06 instead of 0\.05"):
        resolved_with(higher, base=base)


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(NORTH, id="another country's authority"),
        pytest.param(signer("nobody.example"), id="somebody whom trust binds to no jurisdiction"),
        pytest.param(replace(COAST, key=sha("stolen")), id="the right name with another key"),
    ],
)
def test_only_the_jurisdictions_own_authority_adopts(who: nouns.Signer) -> None:
    signed = overlay(BASE, Verify(requirement="reach", value="0.9", source=SOURCE), by=who)
    with pytest.raises(InputError, match="may not adopt for coast"):
        resolve(BASE, (signed,), jurisdiction_of)


def test_an_overlay_that_speaks_for_somebody_else_is_refused() -> None:
    signed = replace(overlay(BASE), signer=NORTH)
    with pytest.raises(InputError, match=r"speaks for coast\.example"):
        resolve(BASE, (signed,), jurisdiction_of)


def test_an_overlay_counts_only_on_the_base_that_the_authority_saw() -> None:
    signed = overlay(BASE, Verify(requirement="reach", value="0.9", source=SOURCE))
    with pytest.raises(InputError, match="was signed for the regime"):
        resolve(regime(*BASE.requirements, version="2"), (signed,), jurisdiction_of)


def test_overlays_chain_by_digest_and_refuse_another_order() -> None:
    first = overlay(BASE, Verify(requirement="reach", value="0.9", source=SOURCE))
    between = resolve(BASE, (first,), jurisdiction_of).regime
    second = overlay(between, Tighten(requirement="reach", mark=mark("0.95"), reason=""))
    flat = resolve(BASE, (first, second), jurisdiction_of)
    assert flat.overlays == (first.statement, second.statement)
    assert flat.adopted == {"reach": second.statement}
    with pytest.raises(InputError, match="was signed for the regime"):
        resolve(BASE, (second, first), jurisdiction_of)


def test_what_an_overlay_drops_is_not_adopted_any_more() -> None:
    operations = (
        Verify(requirement="reach", value="0.9", source=SOURCE),
        Drop(requirement="reach", reason=""),
    )
    assert resolve(BASE, (overlay(BASE, *operations),), jurisdiction_of).adopted == {}


def test_an_overlay_survives_being_signed_and_read() -> None:
    signed = overlay(BASE, Drop(requirement="reach", reason="none"), Add(
        requirement=requirement(id="local"), reason="law"))  # fmt: skip
    text = msgspec.json.encode(signed.overlay, order="sorted")
    assert msgspec.json.decode(text, type=RegimeOverlay) == signed.overlay
    assert isinstance(signed, SignedOverlay)


DAY = datetime.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        pytest.param({"source": None}, "no source is given", id="no source"),
        pytest.param(
            {"source": nouns.Source(title="Act", accessed=TODAY)},
            "it says that the text was read, and not where",
            id="a text that was read nowhere",
        ),
        pytest.param(
            {"in_force_from": DAY, "in_force_until": datetime.date(2025, 12, 31)},
            "it ends (2025-12-31) before it begins (2026-01-01)",
            id="an end before the beginning",
        ),
        pytest.param(
            {"published": datetime.date(2026, 2, 1), "in_force_from": DAY},
            "it is in force (2026-01-01) before it was published",
            id="in force before it was published",
        ),
        pytest.param(
            {
                "in_force_from": DAY,
                "transition": Transition(placed_before=DAY, applies_from=datetime.date(2025, 1, 1)),
            },
            "its grace ends (2025-01-01) before it begins",
            id="grace that ends before the requirement begins",
        ),
        pytest.param(
            {"procedure": rule("fairness.kindness")},
            "no battery of this version measures fairness.kindness",
            id="a measure that nobody knows",
        ),
        pytest.param(
            {"procedure": rule(measure_version=7)},
            "fairness.tpr is at version 1, not 7",
            id="a version that is not in the catalogue",
        ),
        pytest.param(
            {"procedure": parameters(decision=None)},
            "every procedure of fairness.tpr has a parameter `decision`: fix it or free it",
            id="a parameter that is neither fixed nor free",
        ),
        pytest.param(
            {"procedure": parameters(cohort="2025")},
            "no procedure of fairness.tpr that it accepts has a parameter `cohort`",
            id="a parameter that the measure does not have",
        ),
        pytest.param(
            {"procedure": rule(free=("cohort",))},
            "no procedure of fairness.tpr that it accepts has a parameter `cohort`",
            id="a free parameter that the measure does not have",
        ),
        pytest.param(
            {"procedure": parameters(cut_off="0.5")},
            "no procedure of fairness.tpr that it accepts has a parameter `cut_off`",
            id="a cut-off where the prediction decides",
        ),
        pytest.param(
            {"procedure": parameters(decision="score >= cut_off")},
            "every procedure of fairness.tpr has a parameter `cut_off`: fix it or free it",
            id="a cut-off decides, and the rule names none",
        ),
        pytest.param(
            {"procedure": parameters(decision="by lot")},
            "its parameter `decision` is `by lot`, and can only be "
            "`as predicted` or `score >= cut_off`",
            id="a decision that no table makes",
        ),
        pytest.param(
            {"mark": mark(min_n=0)},
            "its mark asks for no number of items: one item could decide",
            id="a mark without n",
        ),
        pytest.param(
            {"mark": mark(basis="unverified")},
            "its number was not read in the source text, so it decides nothing",
            id="a number nobody read",
        ),
        pytest.param(
            {"mark": mark(comparison="at_most")},
            "at_most is a mark for the worse side of fairness.tpr",
            id="a limit on what should be high",
        ),
        pytest.param(
            {"decided_by": "partly"},
            "it has a mark, and still a person decides",
            id="a mark that decides nothing",
        ),
    ],
)
def test_the_linter_names(change: dict[str, Any], what: str) -> None:
    doubts = lint(regime(requirement(**change)))
    assert [(doubt.requirement, doubt.what) for doubt in doubts] == [("reach", what)]


@pytest.mark.parametrize(
    "procedure",
    [
        pytest.param(rule(free=("cut_off",)), id="as predicted, the cut-off freed all the same"),
        pytest.param(parameters(decision="score >= cut_off", cut_off="0.5"), id="a fixed cut-off"),
        pytest.param(
            parameters(decision=None, free=("decision", "cut_off")), id="whatever decides"
        ),
        pytest.param(parameters(decision=None, free=("decision",)), id="no cut-off accepted"),
    ],
)
def test_the_linter_lets_pass_what_a_procedure_can_match(procedure: ProcedureRule) -> None:
    assert lint(regime(requirement(procedure=procedure))) == ()


def test_the_linter_names_an_empty_regime() -> None:
    (doubt,) = lint(regime())
    assert doubt.severity == "error"
