"""The demo's one page: it opens with people, then shows the proof.

Every number is read from a signed file that was just verified, never from the run itself.
"""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from pathlib import Path

import msgspec
from demo.chapters import one_proof_two_laws, only_what_was_missing
from demo.logs import Told, taken_back
from demo.models import RUN
from demo.planted import what_was_planted
from demo.sharing import who_shares_with_whom
from markupsafe import Markup

from comity.claims import Assessment, Claim
from comity.report import Columns, Row, Section, interval_plot, page, people_dots
from comity.report.numbers import Estimate, count_text, estimate_of

__all__ = ["demo_page", "read_assessment"]

MODELS = {"cost": "learned from cost", "need": "learned from need"}
INCOMES = ("poor", "low", "middle", "high")


def read_assessment(bundle: Path) -> Assessment:
    """The assessment inside a signed file. Verify the file first: this does not."""
    envelope = json.loads(bundle.read_bytes())["dsseEnvelope"]
    statement = json.loads(base64.b64decode(envelope["payload"]))
    return msgspec.convert(statement["predicate"], Assessment)


def demo_page(folder: Path, told: Told, *, fingerprint: str, independent: bool) -> str:
    """Build `index.html` from the two signed files in `folder`.

    Args:
        folder: Holds `cost/`, `need/` and what `RUN` names with a verified
            `result.sigstore.json` each, and the decisions made from the first two in `decisions/`.
        told: What the commands of chapter 5 said.
        fingerprint: The laboratory's, as read over the telephone.
        independent: Whether npm's verifier has checked both files too.
    """
    results = {name: read_assessment(folder / name / "result.sigstore.json") for name in MODELS}
    return page(
        "Who is reached?",
        [
            Section("1. The people", _people(results), "people"),
            Section("2. The proof", _proof(folder, fingerprint, independent), "proof"),
            Section("3. One proof, two laws", one_proof_two_laws(folder, MODELS), "laws"),
            Section("4. Only what was missing", only_what_was_missing(folder), "delta"),
            Section("5. Taken back, and caught", taken_back(folder, told), "log"),
            Section("6. And a language model?", _language_model(folder), "language-model"),
            Section("7. Who shares with whom", who_shares_with_whom(folder), "sharing"),
        ],
        kicker="Comity, a demonstration",
        lead=(
            "A care programme has room for a quarter of the elderly. A model decides who gets in. "
            "Trained on what people cost, it passes over those who are sick and poor."
        ),
        foot="Made on this machine by “make demo”. What was fixed before the run: demo/PLAN.md.",
    )


def _people(results: dict[str, Assessment]) -> Markup:
    reached = {name: _reached(result, "poor") for name, result in results.items()}
    figures = Markup("").join(
        Markup("<figure>{}<figcaption><strong>{}</strong><br>{}</figcaption></figure>").format(
            people_dots(
                _people_of(estimate.point),
                int(_bound(estimate.low, 0) * 100),
                -int(-_bound(estimate.high, 1) * 100 // 1),
                title=f"Model {MODELS[name]}",
                description=f"Of 100 sick poor people, the model {MODELS[name]} reaches "
                f"{estimate.of_hundred}.",
            ),
            f"The model {MODELS[name]}",
            f"reaches {estimate.of_hundred}",
        )
        for name, estimate in reached.items()
    )
    plot = interval_plot(
        [
            Row(f"{income}, from {name}", _reached(result, income), _n(result, income))
            for income in INCOMES
            for name, result in results.items()
        ],
        caption="Of the sick, how many are reached, by income?",
        columns=Columns("Income and model", "Reached", "95 % interval", "Sick people"),
    )
    everyone = {name: _everyone(result) for name, result in results.items()}
    return Markup(
        "<p class='short'>Of 100 sick poor people, how many are reached?</p>"
        "<div class='pair'>{figures}</div>"
        "<p>Dark figures are reached even at the lower end of the 95&nbsp;% interval, light "
        "ones at the value itself, dashed ones only at the upper end; hollow ones are missed.</p>"
        "<p>Both models fill the same number of places and see the same columns: health, income "
        "and education. The only difference is what they learned from: last year's spending on "
        "drugs, or whether people rate their health as fair or poor. Spending is not need: "
        "whoever has little money spends little, sick or not.</p>{plot}"
        "<p><strong>What it costs:</strong> places are limited, so whoever is reached takes the "
        "place of somebody else. The model that learned from need reaches fewer of the sick with "
        "middle and high incomes. Over all incomes it reaches {need} of the sick, the other one "
        "{cost}.</p>"
        "<p class='quiet'>What it does not show: self-rated health is not a diagnosis, and the "
        "survey's weights are not used: the numbers describe these {people} people of the "
        "Medical Expenditure Panel Survey. The idea is from Obermeyer and others, "
        "<cite>Science</cite> 366, 2019; data, models and numbers here are not theirs.</p>"
    ).format(figures=figures, plot=plot, people=count_text(_people_tested(results)), **everyone)


def _proof(folder: Path, fingerprint: str, independent: bool) -> Markup:
    npm = (
        "npm's own Sigstore verifier, which shares no code with Comity, accepted both files."
        if independent
        else "It was not run here: it needs Node and npm."
    )
    return Markup(
        "<p class='short'>Every number above comes from two small signed files. "
        "They can go abroad by e-mail.</p>"
        "<dl class='facts'>"
        "<dt>Model learned from cost</dt><dd><a href='cost/result.sigstore.json' download>"
        "cost/result.sigstore.json</a>, with its <a href='cost/report.html'>report</a></dd>"
        "<dt>Model learned from need</dt><dd><a href='need/result.sigstore.json' download>"
        "need/result.sigstore.json</a>, with its <a href='need/report.html'>report</a></dd>"
        "<dt>Signed by</dt><dd>Example Laboratory (<code>lab.example</code>), fingerprint "
        "<code>{fingerprint}</code>, to be read aloud over the telephone</dd></dl>{run}"
        "<h3>Check them yourself</h3><ol>"
        "<li>Open <a href='verify.html'>verify.html</a>, without a network if you like, and drop "
        "one of the two files on it.</li>"
        "<li>Change one digit in the file with any editor and drop it again: it turns red and "
        "says why.</li>"
        "<li>Or let a program of other people check it with nothing but the public key:<br>"
        "<code>node tests/independent/verify.mjs demo/cost/result.sigstore.json "
        "demo/keys/lab.example.pub</code><br>{npm}</li></ol>"
        "<p class='quiet'>A signature shows who said it and that it has not changed. "
        "It does not show that it is true.</p>"
    ).format(fingerprint=fingerprint, npm=npm, run=_run(folder))


def _run(folder: Path) -> Markup:
    """What is gained where the laboratory ran the models itself."""
    results = {
        learns: read_assessment(folder / name / "result.sigstore.json")
        for learns, name in RUN.items()
    }
    facts = Markup("").join(
        Markup(
            "<dt>The file that {words}</dt><dd><code>{name}.onnx</code>, digest of its weights "
            "<span class='digest'>{digest}</span>. Of the sick poor whom it had not seen, it "
            "reaches {reached}. <a href='{name}/result.sigstore.json' download>"
            "{name}/result.sigstore.json</a>, with its <a href='{name}/report.html'>report</a></dd>"
        ).format(
            words=MODELS[learns],
            name=RUN[learns],
            digest=result.system.identity.digest,
            reached=_reached(result, "poor").of_hundred,
        )
        for learns, result in results.items()
    )
    people = count_text(_people_tested(results))
    return Markup(
        "<h3>From a table, or from the model itself?</h3>"
        "<p>A table says what its owner wrote into it: nothing but the owner's word ties it to a "
        "model. So the laboratory also ran both models. A model is one file, so each was trained "
        "once more, on four fifths of the people, and tested on the {people} others. Fewer people "
        "make wider intervals; but this evidence names the weights, and whoever has them can "
        "check that they are the ones that were tested.</p>"
        "<dl class='facts'>{facts}</dl>"
    ).format(people=people, facts=facts)


def _language_model(folder: Path) -> Markup:
    return what_was_planted(folder) + Markup(
        "<p>The same with a real model on this machine: <code>make demo-llm</code>. It fetches "
        "llama.cpp and a small open-weights model, once.</p>"
    )


def _claim(result: Assessment, measure: str, labels: dict[str, str]) -> Claim:
    return next(c for c in result.claims if c.measure == measure and c.slice == labels)


def _reached(result: Assessment, income: str) -> Estimate:
    estimate = estimate_of(_claim(result, "fairness.tpr", {"income": income}), "rate")
    assert estimate is not None, "every income group is far larger than the minimum cell"
    return estimate


def _n(result: Assessment, income: str) -> str:
    return count_text(_claim(result, "fairness.tpr", {"income": income}).counts.scored)


def _everyone(result: Assessment) -> str:
    """How many of all the sick are reached: the income groups' counts added up."""
    counts = [_claim(result, "fairness.tpr", {"income": i}).counts for i in INCOMES]
    reached = sum(c.successes or 0 for c in counts)
    return f"{count_text(reached)} of {count_text(sum(c.scored for c in counts))}"


def _people_tested(results: dict[str, Assessment]) -> int:
    return max(result.data.evaluated for result in results.values())


def _people_of(rate: Decimal) -> int:
    return round(rate * 100)


def _bound(value: Decimal | None, otherwise: int) -> Decimal:
    return Decimal(otherwise) if value is None else value
