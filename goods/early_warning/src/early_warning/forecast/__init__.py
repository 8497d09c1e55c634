"""From an ensemble to probabilities that may raise an alert: only where skill was shown."""

from early_warning.forecast.climatology import climatology
from early_warning.forecast.discovery import Rule, adjusted
from early_warning.forecast.gate import Case, Odds, Verdict, judge, odds, prove_all
from early_warning.forecast.isotonic import Fitted, fit
from early_warning.forecast.pairs import Pairs, make_pairs, read_pairs
from early_warning.forecast.proof import Losses, Proof, cross_validated, losses_of, prove
from early_warning.forecast.steps import (
    Steps,
    brier,
    crps,
    exceedance,
    members_as_steps,
    quantiles,
)
from early_warning.forecast.today import Trained, odds_of_day, train

__all__ = [
    "Case",
    "Fitted",
    "Losses",
    "Odds",
    "Pairs",
    "Proof",
    "Rule",
    "Steps",
    "Trained",
    "Verdict",
    "adjusted",
    "brier",
    "climatology",
    "cross_validated",
    "crps",
    "exceedance",
    "fit",
    "judge",
    "losses_of",
    "make_pairs",
    "members_as_steps",
    "odds",
    "odds_of_day",
    "prove",
    "prove_all",
    "quantiles",
    "read_pairs",
    "train",
]
