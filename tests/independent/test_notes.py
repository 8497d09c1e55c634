"""noble verifies what logs and witnesses sign here, and refuses the hostile keys that we refuse."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from comity.attest.vkey import NoteKey
from comity.errors import InputError
from comity.record.cosigned import COSIGNED
from comity.record.log import CHECKPOINT
from comity.record.witness import gather
from tests.independent.peers import FOLDER
from tests.parts import absent, require, require_data
from tests.record.world import KEY, START, Clock, Keeper, Watcher, trust_in


def noble(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What noble answers, in one run of node."""
    node = require("node", "apt-get install nodejs")
    if not (FOLDER / "node_modules/@noble/curves").is_dir():
        absent("npm's @noble/curves", "python tests/independent/install.py")
    done = subprocess.run(
        [node, "notes.mjs"],
        cwd=FOLDER,
        input="\n".join(map(json.dumps, questions)),
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions), done.stderr
    return answers


def test_our_checkpoints_and_cosignatures_hold_for_noble_and_altered_ones_do_not() -> None:
    keeper, clock = Keeper(), Clock()
    keeper.grow(300)
    watchers = [Watcher("plain.test", clock), Watcher("hill.test", clock)]
    for one in watchers:
        one.follow(keeper.store)
        clock.forward(days=1)
    gather(keeper.store, (KEY.key,), trust_in(*watchers), [one.published for one in watchers])
    own = keeper.store.contents[CHECKPOINT].decode()
    cosigned = keeper.store.contents[COSIGNED].decode()
    keys = [KEY.key.vkey, *(one.signer.key.vkey for one in watchers)]
    answers = noble(
        [
            {"note": own, "vkeys": keys},
            {"note": cosigned, "vkeys": keys},
            {"note": cosigned.replace("\n300\n", "\n301\n"), "vkeys": keys},
            {"note": cosigned.replace("\n300\n", "\n301\n"), "vkeys": keys[1:2]},
            {"note": own, "vkeys": keys[1:]},
        ]
    )
    log = {"name": "coast.test/assessments", "time": None}
    first, second = (START.timestamp(), START.timestamp() + 86_400)
    assert answers[0] == {"signed": [log]}
    assert answers[1]["signed"] == [
        log,
        {"name": "hill.test", "time": second},
        {"name": "plain.test", "time": first},
    ]
    assert [list(answer) for answer in answers[2:]] == [["error"]] * 3


def test_noble_and_we_admit_the_same_hostile_keys_and_accept_the_same_signatures() -> None:
    cases = json.loads(
        require_data("vectors/ed25519-cctv/ed25519vectors.json").read_text(encoding="utf-8")
    )
    answers = noble([{name: case[name] for name in ("key", "sig", "msg")} for case in cases])
    assert len(answers) == 914
    for case, answer in zip(cases, answers, strict=True):
        try:
            key = NoteKey(name="hostile.test", kind=1, public=bytes.fromhex(case["key"]))
        except InputError:
            assert answer == {"admitted": False, "holds": False}, case["number"]
            continue
        ours = key.verifies(bytes.fromhex(case["sig"]), case["msg"].encode())
        assert answer == {"admitted": True, "holds": ours}, case["number"]


def test_noble_and_we_open_the_same_published_notes() -> None:
    cases = json.loads(require_data("vectors/tlog/notes.json").read_text(encoding="utf-8"))
    usable = [case for case in cases if case["vkeys"] and "malformed" not in case["name"]]
    answers = noble([{"note": case["note"], "vkeys": case["vkeys"]} for case in usable])
    assert len(usable) >= 9
    for case, answer in zip(usable, answers, strict=True):
        assert ("signed" in answer) == case["ok"], case["name"]
