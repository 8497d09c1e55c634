"""Why something was not measured, or has no interval: one enumeration for the whole house.

A claim carries the code, so that a machine can act on it, and a detail in words. The sentences
here are what a report shows in front of that detail.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason"]


class Reason(StrEnum):
    """Reason codes of claims. The value is the code that is signed."""

    COLUMN_NOT_GIVEN = "column_not_given"
    NOT_A_PROBABILITY = "not_a_probability"
    ONE_CLASS_ONLY = "one_class_only"
    ONE_GROUP_ONLY = "one_group_only"
    GROUP_TOO_SMALL = "group_too_small"
    GROUP_UNKNOWN = "group_unknown"
    NO_DENOMINATOR = "no_denominator"
    NOBODY_SELECTED = "nobody_selected"
    NO_ROWS = "no_rows"
    ONLY_COUNTS = "only_counts"
    NO_TRAINING_ROWS = "no_training_rows"
    NO_INTERVAL_METHOD = "no_interval_method"
    TOO_FEW_EVENTS = "too_few_events"
    DESCRIPTIVE = "descriptive"
    SYSTEM_NOT_RUN = "system_not_run"
    NOT_ASKED = "not_asked"
    NO_ENERGY_METER = "no_energy_meter"
    BASE_MODEL = "base_model"
    NO_ITEMS = "no_items"
    NO_ANSWERS = "no_answers"
    NO_USAGE = "no_usage"
    NO_GRID_INTENSITY = "no_grid_intensity"
    NOT_METERED = "not_metered"

    @property
    def sentence(self) -> str:
        """The reason in words, without the detail of the single case."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.COLUMN_NOT_GIVEN: "the table has no column for it",
    Reason.NOT_A_PROBABILITY: "the scores are not probabilities between 0 and 1",
    Reason.ONE_CLASS_ONLY: "the truth holds one class only",
    Reason.ONE_GROUP_ONLY: "fewer than two groups are large enough to compare",
    Reason.GROUP_TOO_SMALL: "the group is smaller than the minimum cell",
    Reason.GROUP_UNKNOWN: "the group of these rows is not known",
    Reason.NO_DENOMINATOR: "no row belongs to the denominator",
    Reason.NOBODY_SELECTED: "nobody was selected in any group, so there is no ratio",
    Reason.NO_ROWS: "no row was left to measure",
    Reason.ONLY_COUNTS: "it compares single rows, and only counts left the database",
    Reason.NO_TRAINING_ROWS: "no row of the table is marked as one that the system was trained on",
    Reason.NO_INTERVAL_METHOD: "no interval method reaches its stated coverage here",
    Reason.TOO_FEW_EVENTS: "too few independent cases or events, so nothing is shown by it",
    Reason.DESCRIPTIVE: "it describes this run or these data, and estimates nothing beyond them",
    Reason.SYSTEM_NOT_RUN: "Comity did not run the system; it read a table of its predictions",
    Reason.NOT_ASKED: "the card does not ask for it",
    Reason.NO_ENERGY_METER: "this machine has no energy meter that Comity can read",
    Reason.BASE_MODEL: "the model is a base model, and this needs one that follows instructions",
    Reason.NO_ITEMS: "there are no items for it that a speaker of the language has reviewed",
    Reason.NO_ANSWERS: "no answer came back from which it could be read",
    Reason.NO_USAGE: "the endpoint does not say how many tokens a request takes",
    Reason.NOT_METERED: "the model runs on a machine that Comity does not meter",
    Reason.NO_GRID_INTENSITY: "the card does not say how much carbon the electricity stands for",
}
