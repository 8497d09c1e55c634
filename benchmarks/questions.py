"""5,000 questions to a model that answers in 50 ms, 100 at once: Comity beside its peers.

All ask one server, in a process of its own, with the same 5,000 one-line questions, and look for a
word in each answer. Whole processes are timed, start-up included, the processor time of all their
children too, but not the server's. Comity writes its journal; the peers write their logs as they do
by default.

    python benchmarks/questions.py --peers /path/to/python

`--peers` names the Python of an environment that holds `inspect-ai`, `openai` and `lm-eval[api]`;
without it, or where one of them is absent, that row is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

QUESTIONS, AT_ONCE, DELAY = 5_000, 100, 0.05
REPLY = "The answer is four."
WORDS = "Question {n}: what is two and two, if the weather on day {n} was fair and the road dry?"
AIM_RATE, AIM_CPU = 1_600, 0.2

INSPECT = """
import sys
from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import includes
url, n, words, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
samples = [Sample(input=words.format(n=i), target="four") for i in range(n)]
logs = eval(
    Task(dataset=MemoryDataset(samples), scorer=includes()),
    model="openai-api/local/simulated",
    model_base_url=url,
    max_connections=100,
    max_samples=100,
    log_dir=folder,
    display="none",
)
assert logs[0].status == "success", logs[0].error
assert logs[0].results.completed_samples == n
"""
LM_EVAL = """
import sys, json, os
url, n, words, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_HOME"] = folder
with open(os.path.join(folder, "items.jsonl"), "w") as file:
    for i in range(n):
        file.write(json.dumps({"question": words.format(n=i), "target": "four"}) + "\\n")
import lm_eval
task = {
    "task": "fours",
    "dataset_path": "json",
    "dataset_kwargs": {"data_files": {"test": os.path.join(folder, "items.jsonl")}},
    "test_split": "test",
    "output_type": "generate_until",
    "doc_to_text": "{{question}}",
    "doc_to_target": "{{target}}",
    "generation_kwargs": {"until": [], "max_gen_toks": 16, "do_sample": False},
    "metric_list": [{"metric": "exact_match"}],
}
found = lm_eval.simple_evaluate(
    model="local-chat-completions",
    model_args={
        "base_url": url + "/chat/completions",
        "model": "simulated",
        "num_concurrent": 100,
        "max_retries": 1,
        "tokenized_requests": False,
    },
    tasks=[task],
    apply_chat_template=True,
    log_samples=True,
    bootstrap_iters=0,
)
assert len(found["samples"]["fours"]) == n
"""


def serve_until_killed() -> None:
    """The server's process: print the address, then answer."""
    from comity.assess.systems.endpoint.serve import serve

    async def hold() -> None:
        async with serve(lambda request: REPLY, delay=DELAY) as url:
            print(url, flush=True)
            await asyncio.Event().wait()

    asyncio.run(hold())


def ask_with_comity(url: str, folder: Path) -> None:
    """Comity's process: one battery of 5,000 questions, from the card to the claims."""
    from comity.assess import QuestionCard, open_card, question
    from comity.assess.batteries.finding import Finding, Subject
    from comity.assess.questions.battery import Asked, Battery, chat, prompts_digest, rate, tally
    from comity.assess.systems.endpoint.ask import Answer, Ask
    from comity.claims import Assessor, Reason

    def asks(asked: Asked) -> tuple[Ask, ...]:
        return tuple(
            chat(asked, f"fours/{n}", WORDS.format(n=n), max_tokens=16) for n in range(QUESTIONS)
        )

    def findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
        planned = asks(asked)
        subject = Subject("safety.refusal_rate", {}, {}, prompts_digest(planned))
        numbers = tally(planned, answers, lambda ask, text: "four" in text)
        assert numbers.successes == QUESTIONS
        yield rate(subject, numbers, "higher", missing=Reason.NO_ROWS)

    path = folder / "card.toml"
    path.write_text(
        '[system]\nname = "S"\nversion = "1"\nintended_use = "Benchmark"\n'
        '[population]\nlanguage = "en"\n'
        f'[endpoint]\nurl = "{url}"\nmodel = "simulated"\nconcurrency = {AT_ONCE}\n'
    )
    battery = Battery(
        risk="fours",
        asks=asks,
        findings=findings,
        replies=lambda asked, planted: {},
        truths=lambda asked, planted: {},
        behaviours={},
    )
    card = open_card(path)
    assert isinstance(card, QuestionCard)
    done = question(
        card,
        Assessor(origin="lab.example", name="Benchmark", role="user"),
        journal=folder / "journal.jsonl",
        batteries=[battery],
    )
    assert done is not None and done.data.evaluated == QUESTIONS
    assert (folder / "journal.jsonl").read_bytes().count(b"\n") == QUESTIONS + 7
    print(done.cost.seconds, done.cost.cpu_seconds)


def ask_with_aiohttp(url: str) -> None:
    """The floor: bare aiohttp, nothing planned, checked or written down."""
    import aiohttp

    async def go() -> int:
        waiting, found = iter(range(QUESTIONS)), 0
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def work() -> None:
                nonlocal found
                for n in waiting:
                    message = {"role": "user", "content": WORDS.format(n=n)}
                    body = {"model": "simulated", "max_tokens": 16, "messages": [message]}
                    async with session.post(f"{url}/chat/completions", json=body) as response:
                        found += b"four" in await response.read()

            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return found

    assert asyncio.run(go()) == QUESTIONS


@dataclass(frozen=True)
class Used:
    """What a process used up: wall and CPU seconds, peak MB, and what it printed."""

    seconds: float
    cpu: float
    peak: float
    printed: str


def timed(command: list[str], environment: Mapping[str, str]) -> Used:
    """Run a process to its end; its children count with it."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as trouble:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=trouble)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        trouble.seek(0)
        if process.returncode:
            raise RuntimeError(trouble.read()[-2_000:])
        cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        return Used(seconds, cpu, peak, out.read())


def row(name: str, runs: list[Used]) -> None:
    """Print the median run."""
    seconds, cpu, peak = (
        statistics.median(getattr(one, part) for one in runs) for part in ("seconds", "cpu", "peak")
    )
    per_thousand = cpu / QUESTIONS * 1_000
    print(f"| {name} | {QUESTIONS / seconds:,.0f} | {per_thousand:.2f} | {peak:,.0f} |", flush=True)


def has(python: str, module: str) -> bool:
    """Whether an environment holds a module."""
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def main() -> None:
    """Start the server, ask, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", help="Python of an environment with the peers")
    parser.add_argument("--runs", type=int, default=3, help="runs of Comity; the median counts")
    parser.add_argument("--part", choices=["serve", "comity", "aiohttp"], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part == "serve":
        serve_until_killed()
        return
    if given.part == "comity":
        with tempfile.TemporaryDirectory() as folder:
            ask_with_comity(given.url, Path(folder))
        return
    if given.part == "aiohttp":
        ask_with_aiohttp(given.url)
        return
    here = [sys.executable, __file__, "--part"]
    server = subprocess.Popen([*here, "serve"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        print("| harness | questions a second | CPU seconds for 1,000 | peak MB |")
        print("|---|---|---|---|")
        runs = [timed([*here, "comity", "--url", url], os.environ) for _ in range(given.runs)]
        row(f"Comity, median of {given.runs}", runs)
        started = [
            replace(one, seconds=float(wall), cpu=float(cpu))
            for one in runs
            for wall, cpu in [one.printed.split()]
        ]
        row("Comity, without its start (imports)", started)
        bare = [timed([*here, "aiohttp", "--url", url], os.environ) for _ in range(given.runs)]
        row("bare aiohttp, nothing written down", bare)
        for name, module, script in (
            ("inspect-ai", "inspect_ai", INSPECT),
            ("lm-eval", "lm_eval", LM_EVAL),
        ):
            if not given.peers or not has(given.peers, module):
                print(f"| {name} | not installed: left out | | |")
                continue
            with tempfile.TemporaryDirectory() as folder:
                environment = {**os.environ, "LOCAL_API_KEY": "none", "OPENAI_API_KEY": "none"}
                command = [given.peers, "-c", script, url, str(QUESTIONS), WORDS, folder]
                row(name, [timed(command, environment)])
        aims = {"at least, a second": AIM_RATE, "at most, CPU seconds for 1,000": AIM_CPU}
        print(f"\nThe aim: {json.dumps(aims)}")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
