"""What the past says of today's forecast: isotonic regression and climatology beside the members.

1. Where a hazard has files of pairs, what the record of the district and lead taught is looked up,
   or learnt where it is new, and `forecast.odds` says whose probability counts.
2. Where there is no record, or today's runs do not fit it, only the raw share is known; no alert
   may rest on it, and the reason is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError
from early_warning.country import HazardSpec
from early_warning.drafts.learnt import Learnt, keep, kept, learn, odds_from
from early_warning.drafts.skill import (
    Skill,
    believed,
    pairs_file,
    read_pairs_file,
    record_of,
    sign_of,
    verdicts_of,
)
from early_warning.drafts.thresholds import Limit
from early_warning.forecast import Odds, train
from early_warning.service import Service

__all__ = ["NO_PAIRS", "PRODUCT", "Past"]

NO_PAIRS = "skill was not judged: there are no past forecasts and observations of this hazard"
PRODUCT = "skill was not judged: a product of probabilities has no members to judge"


class Past:
    """The kept verdicts, and the records of a service.

    Args:
        service: Whose.
        skill: What was judged.
    """

    def __init__(self, service: Service, skill: Skill) -> None:
        self._service = service
        self._skill = skill
        self._verdicts = verdicts_of(skill)

    def odds(
        self,
        hazard: HazardSpec,
        code: str,
        lead: float,
        day: str,
        members: NDArray[np.float64],
        levels: Sequence[Limit],
    ) -> list[Odds | str]:
        """What counts at each level, or why the raw share stands alone.

        Args:
            hazard: Which one.
            code: Of the district.
            lead: Hours from the start of the run to the end of the window.
            day: That is forecast, as 2026-11-22.
            members: In mm, m/s or °C, shape (members,).
            levels: The district's thresholds.

        Raises:
            InputError: the state folder cannot be written.
        """
        if hazard.pairs is None:
            return [NO_PAIRS] * len(levels)
        learnt = self._learnt(hazard, code, lead, levels)
        if isinstance(learnt, str):
            return [learnt] * len(levels)
        found = self._verdicts.get((hazard.hazard, code, int(lead)), ())
        sign = sign_of(hazard.hazard)
        answers: list[Odds | str] = []
        for limit in levels:
            if limit.amount is None:
                answers.append("the district has no threshold")
                continue
            held = believed(
                self._skill, found, hazard.hazard, code, int(lead), limit, learnt.record
            )
            verdicts = [] if isinstance(held, str) else held
            threshold = sign * float(limit.amount)
            try:
                odds = odds_from(learnt, day, sign * members, threshold, verdicts)
            except InputError as error:
                answers.append(f"skill is not shown: {error.what}")
                continue
            why = f"skill not shown: {held}" if isinstance(held, str) else odds.words
            answers.append(replace(odds, words=why))
        return answers

    def _learnt(
        self, hazard: HazardSpec, code: str, lead: float, levels: Sequence[Limit]
    ) -> Learnt | str:
        """Rule 1, or the reason of rule 2."""
        sign, hours = sign_of(hazard.hazard), int(lead)
        thresholds = [sign * float(one.amount) for one in levels if one.amount is not None]
        try:
            path = pairs_file(self._service, hazard, code, hours) if hours == lead else None
            if path is None:
                return f"skill was not judged: there are no past forecasts of {lead:g} hours ahead"
            record = record_of(path, hazard)
            place = self._service.state / "learnt" / f"{hazard.hazard}-{code}-{hours}.json"
            learnt = kept(place, record, thresholds)
            if learnt is not None:
                return learnt
            pairs = read_pairs_file(path, hazard)
            learnt = learn(train(pairs), record, thresholds)
        except InputError as error:
            return f"skill is not shown: {error.what}"
        keep(place, learnt)
        return learnt
