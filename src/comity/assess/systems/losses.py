"""The losses of a forecast in SQL: one number per row and name, of the forecast and its baseline.

CRPS of an ensemble in closed form over its sorted members x_(1) ≤ … ≤ x_(m) (Hersbach 2000):

    Σ|x_i − y| / m  −  Σ (2i − m − 1) x_(i) / d,   d = m² (plain) or m (m − 1) (fair)

The fair one is what an ensemble of endless size would score (Ferro 2014). One member, or a point,
is scored |x − y| in both.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.assess.systems.forecast_card import Form

__all__ = ["COVERED", "losses_sql", "main_loss", "pinball", "point_as_quantiles"]

COVERED = "covered."
"""Start of the names of intervals that hold the truth; the level follows."""


def pinball(probability: str) -> str:
    """The name of the pinball loss of one quantile."""
    return f"pinball.{probability}"


def main_loss(form: Form) -> str:
    """The loss that says most about a form; drift is measured on it."""
    return {
        "point": "mae",
        "members": "crps.plain",
        "quantiles": "pinball",
        "interval": "missed",
    }[form.kind]


def losses_sql(form: Form, truth: str, number: Mapping[str, str]) -> dict[str, str]:
    """Name of a loss to its SQL.

    Args:
        form: Forecast, or baseline.
        truth: SQL of the truth.
        number: Role to the SQL of its number.

    Returns:
        `error`, `mae`, `mse`, `crps.plain`, `crps.fair`, `pinball` (mean over the quantiles) and
        `pinball.<probability>`, `missed`, `covered.<level>`: those that the form has.
    """
    x = [number[role] for role in form.roles]
    if form.kind == "point" or (form.kind == "members" and len(x) == 1):
        distance = f"abs({x[0]} - {truth})"
        return _point(x[0], x[0], truth) | {"crps.plain": distance, "crps.fair": distance}
    if form.kind == "members":
        return _ensemble(x, truth)
    if form.kind == "interval":
        held = f"({truth} BETWEEN {x[0]} AND {x[1]})::INTEGER"
        return {"missed": f"1 - {held}", f"{COVERED}{form.probabilities[0]}": held}
    return _quantiles(dict(zip(form.probabilities, x, strict=True)), truth)


def point_as_quantiles(probabilities: tuple[str, ...], truth: str, x: str) -> dict[str, str]:
    """The pinball losses of a point that stands for every quantile."""
    return _quantiles(dict.fromkeys(probabilities, x), truth)


def _point(mean: str, median: str, truth: str) -> dict[str, str]:
    return {
        "error": f"{mean} - {truth}",
        "mae": f"abs({median} - {truth})",
        "mse": f"({mean} - {truth}) * ({mean} - {truth})",
    }


def _ensemble(x: list[str], truth: str) -> dict[str, str]:
    m = len(x)
    ordered = f"list_sort([{', '.join(x)}]::DOUBLE[])"
    mean = f"(({' + '.join(x)}) / {m})"
    median = f"(({ordered}[{(m + 1) // 2}] + {ordered}[{m // 2 + 1}]) / 2)"
    distance = f"(({' + '.join(f'abs({one} - {truth})' for one in x)}) / {m})"
    weights = ", ".join(str(2 * i - m - 1) for i in range(1, m + 1))
    spread = f"list_inner_product({ordered}, [{weights}]::DOUBLE[])"
    return _point(mean, median, truth) | {
        "crps.plain": f"{distance} - {spread} / {m * m}",
        "crps.fair": f"{distance} - {spread} / {m * (m - 1)}",
    }


def _quantiles(x: dict[str, str], truth: str) -> dict[str, str]:
    each = {pinball(p): f"({truth} - {q}) * ({p} - ({truth} < {q})::INTEGER)" for p, q in x.items()}
    losses = {"pinball": f"({' + '.join(each.values())}) / {len(each)}"} | each
    if "0.5" in x:
        losses["mae"] = f"abs({x['0.5']} - {truth})"
    return losses
