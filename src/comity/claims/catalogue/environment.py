"""Environment: what 1,000 answers of a language model cost. Energy and time are in footprint."""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_ONE_RUN = "None: a count of one run, of a fixed set of requests"

MEASURES = (
    Measure(
        id="environment.prompt_tokens",
        version=1,
        title="Tokens read for 1,000 requests",
        unit="token",
        direction="lower",
        formula="mean tokens of a request, as the endpoint counts them, times 1,000",
        interval=_ONE_RUN,
        source="The usage that the endpoint reports",
        parameters=(),
        shows="How many tokens the system takes 1,000 fixed everyday requests for, its system prompt included.",
        does_not_show="Energy: a token of a large model costs more than one of a small model. Nor whether the endpoint counts honestly.",
    ),
    Measure(
        id="environment.completion_tokens",
        version=1,
        title="Tokens written for 1,000 requests",
        unit="token",
        direction="lower",
        formula="mean tokens of an answer, as the endpoint counts them, cut off at 128, times 1,000",
        interval=_ONE_RUN,
        source="The usage that the endpoint reports",
        parameters=(),
        shows="How long the system's answers to 1,000 fixed everyday requests are.",
        does_not_show="How long they would be uncut; energy; or whether the endpoint counts honestly.",
    ),
    Measure(
        id="environment.carbon",
        version=1,
        title="Carbon of 1,000 requests",
        unit="gram CO2e",
        direction="lower",
        formula="energy of 1,000 requests in kilowatt-hours × grams of CO2 equivalent per kilowatt-hour",
        interval=_ONE_RUN,
        source="Energy as for footprint.system_energy; intensity of the grid as the card states it, with its source",
        parameters=("grams_per_kwh", "grid_source"),
        shows="What the measured electricity stands for, by the card's own figure for the grid.",
        does_not_show="Training, hardware, cooling and memory; or whether the card's figure fits the place and the hour.",
    ),
)
