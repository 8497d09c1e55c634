"""Chapter 5 of the demo: what was signed is taken back, and somebody tells two stories.

The laboratory keeps a log; Coast and Steppe follow and witness it. What PLAN.md fixed was fixed
before the run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from demo.chapters import WORDS, read_decision
from demo.countries import AUTHORITIES
from markupsafe import Markup

from comity.claims.decision import Verdict

__all__ = ["FOLDERS", "Told", "keep_logs", "taken_back"]

Comity = Callable[..., dict[str, Any]]

LOG = "lab.example/assessments"
RESULT = "need/result.sigstore.json"
PROOF = "need/result.tlog-proof"
FOLLOWERS = ("coast", "steppe")
FOLDERS = (
    "lab-log", "other-story", "other-keys", "revisited", "status.sigstore.json",
    "withdrawal.sigstore.json", "fork.json", "third-party",
    *(f"{place}-log" for place in FOLLOWERS), *(f"{place}-held" for place in FOLLOWERS),
)  # fmt: skip


class Told(NamedTuple):
    """What the commands of this chapter said.

    Attributes:
        existed_by: When witnesses had seen the result at the latest.
        offline: The decision that was made from the result, its proof and a signed status list.
        revisited: The decisions of Coast that rested on it, before and after.
        fork: What somebody who trusts neither learns from the proof of the two stories.
    """

    existed_by: str
    offline: dict[str, Any]
    revisited: dict[str, Any]
    fork: dict[str, Any]


def keep_logs(comity: Comity, folder: Path, laboratory: str) -> Told:
    """Log, follow, witness, prove; withdraw, decide again; tell two stories, and be caught."""
    comity("log", "init", "--origin", LOG, "--log", "lab-log")
    _trust(comity, f"{LOG.replace('/', '_')}.log.vkey", laboratory, "Example Laboratory",
           "--role", "independent")  # fmt: skip
    for place in FOLLOWERS:
        origin = f"{place}.example"
        comity("keys", "witness", origin)
        _trust(comity, f"{origin}.witness.vkey", origin, AUTHORITIES[place],
               "--role", "user", "--jurisdiction", place)  # fmt: skip
    comity("publish", "cost/result.sigstore.json", RESULT, "--log", "lab-log")
    for place in FOLLOWERS:
        _follow(comity, "lab-log", place)
    comity("log", "gather", "coast-log", "steppe-log", "--log", "lab-log")
    proof = comity("log", "prove", RESULT, "--log", "lab-log", "--origin", LOG, "--out", PROOF)

    print("   An official of Coast without a network: the result, its proof, and a status list")
    comity("standing", "sign", "--log", "coast-log", "--key", "keys/coast.example.key")
    offline = comity("decide", RESULT, "--country", "coast.toml", "--status",
                     "status.sigstore.json")  # fmt: skip

    print("   The laboratory takes the result back, and Coast looks at its decisions again")
    shutil.copytree(folder / "lab-log", folder / "other-story")  # for the two stories below
    shutil.copytree(folder / "keys", folder / "other-keys")
    comity("withdraw", RESULT, "--key", f"keys/{laboratory}.key", "--reason",
           "We mixed up two columns. (For this demonstration: nothing was mixed up.)")  # fmt: skip
    comity("publish", "withdrawal.sigstore.json", "--log", "lab-log")
    _follow(comity, "lab-log", "coast")
    revisited = comity(
        "revisit", "decisions", "--country", "coast.toml", "--log", "coast-log", "--evidence",
        "coast-sample", "--key", "keys/coast.example.key", "--out", "revisited",
    )  # fmt: skip

    print("   To Steppe it shows another log, in which nothing was taken back: two stories")
    comity("publish", "need-model/result.sigstore.json", "--log", "other-story", "--keys",
           "other-keys")  # fmt: skip
    _follow(comity, "other-story", "steppe")
    comity("log", "prove-fork", "coast-log", "steppe-log", "--origin", LOG)
    (folder / "third-party").mkdir()
    shutil.copy(folder / "fork.json", folder / "third-party")
    fork = comity("log", "check-fork", "third-party/fork.json", "--trust", "third-party/nobody")
    return Told(proof["existed_by"], offline, revisited, fork)


def _follow(comity: Comity, log: str, place: str) -> None:
    comity("log", "follow", log, "--origin", LOG, "--into", f"{place}-log", "--keys",
           f"{place}-held", "--witness", f"keys/{place}.example.witness.key")  # fmt: skip


def _trust(comity: Comity, name: str, origin: str, called: str, *more: str) -> None:
    """Trust the public key of a log or a witness, by its fingerprint."""
    digits = comity("keys", "show", f"keys/{name}")["fingerprint"]
    comity("trust", "add", f"keys/{name}", "--origin", origin, "--name", called, *more,
           "--fingerprint", digits)  # fmt: skip


def taken_back(folder: Path, told: Told) -> Markup:
    """The chapter's page: what is proven, what flipped and why, and who was caught."""
    before = read_decision(folder / "decisions" / "coast-need")
    after = read_decision(folder / "revisited" / "coast-need")
    now = {finding.requirement: finding for finding in after.findings}
    rows = Markup("").join(
        Markup("<tr><th scope='row'>{} {}</th><td>{}</td><td>{}</td></tr>").format(
            was.official_id, was.title, WORDS[was.verdict], WORDS[now[was.requirement].verdict]
        )
        for was in before.findings
        if was.verdict != now[was.requirement].verdict
    )
    (gone,) = after.set_aside
    first, second = told.fork["checkpoints"]
    offline: dict[str, Verdict] = {
        one["requirement"]: one["verdict"] for one in told.offline["decision"]["findings"]
    }
    agreed = all(offline[was.requirement] == was.verdict for was in before.findings)
    assert agreed, "nothing was taken back yet: the same verdicts as at the first decision"
    return Markup(
        "<p class='short'>The laboratory takes a result back. Coast's verdict falls, with its "
        "reason. And a log that tells two countries two stories is caught.</p>"
        "<p>What the laboratory signs it also shows in a log: a folder of plain files that only "
        "grows. Coast and Steppe follow it and sign what they saw. So the result existed by "
        "<strong>{existed}</strong>, whatever date its author writes, and an official without a "
        "network came to the same verdicts from three files: "
        "<a href='{result}' download>the result</a>, <a href='{proof}' download>its proof</a> and "
        "<a href='status.sigstore.json' download>a signed list of what is still good</a>.</p>"
        "<p>Then the laboratory withdraws it: nobody else could. Coast's next look at the log "
        "finds {rested} decisions that rested on it, and makes them again.</p>"
        "<table class='words'><thead><tr><th scope='col'>Requirement of Coast</th>"
        "<th scope='col'>Before</th><th scope='col'>After</th></tr></thead>"
        "<tbody>{rows}</tbody></table>"
        "<p>The reason, in <a href='revisited/coast-need/decision.html'>the new decision</a>: "
        "“{reason}”.</p>"
        "<p>To Steppe the laboratory shows another log, of the same length, in which nothing was "
        "taken back. One comparison of what the two have seen gives "
        "<a href='fork.json' download>fork.json</a>. Somebody who trusts neither checked it with "
        "nothing else in hand: the key of <code>{origin}</code> signed two histories of {size} "
        "entries, with the roots <span class='digest'>{one}</span> and "
        "<span class='digest'>{other}</span>.</p>"
        "<p class='quiet'>The result is sound, and the two stories are staged: they show the "
        "procedure. A log does not show that something is true, nor what was never put into "
        "it.</p>"
    ).format(
        existed=told.existed_by[:19].replace("T", " ") + " UTC",
        result=RESULT,
        proof=PROOF,
        rested=len(told.revisited["revisited"]),
        rows=rows,
        reason=gone.reason.sentence,
        origin=told.fork["origin"],
        size=first["size"],
        one=first["root"],
        other=second["root"],
    )
