"""Five authorities on this computer: one process each, faults in between, and one who forks.

Each publishes a log and follows the four others over HTTP, through servers that break off, alter,
delay, refuse and show old checkpoints; processes are killed at any moment and started again. The
last authority, Mallory, tells two stories: half of the connections are served another branch. In
the end the faults cease, everybody follows everybody again, and `verdict` says what came of it.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from comity.attest import Authority, Quorum, add_to_trust, load_trust
from comity.attest.toml import toml_line
from comity.record.fork import check_fork
from comity.record.heads import heads_of, lately_seen
from comity.record.keys import load_note_signer, new_note_signer, save_note_signer
from comity.record.log import CHECKPOINT, Log, create_log
from comity.record.mirror import read_held
from comity.record.store import FolderStore
from comity.record.witness import seen_path
from tests.parts import ROOT

__all__ = ["HONEST", "MALLORY", "Five", "Verdict", "running"]

HONEST = ("coast", "steppe", "delta", "island")
MALLORY = "mallory"
NAMES = (*HONEST, MALLORY)


class Verdict(NamedTuple):
    """What came of it.

    Attributes:
        unequal: Mirrors of honest logs at honest followers that differ from the log.
        accused: Honest logs of which a follower holds a proof of a fork.
        unproven: Honest followers without a valid proof against Mallory.
        unseen: Honest logs that too few witnesses have seen.
        entries: How long the honest logs are, in all.
        killed: How often a process was killed.
        faults: How many answers were spoilt.
    """

    unequal: list[str]
    accused: list[str]
    unproven: list[str]
    unseen: list[str]
    entries: int
    killed: int
    faults: int


class Five:
    """The world; `running` builds it and takes it down.

    Args:
        folder: An empty folder.
        seed: Decides which faults there are; not their order, since processes run as they like.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.faulty = True
        self.faults = self.killed = 0
        self._draw = random.Random(seed)
        self._branch: Path | None = None
        self._story: Callable[[], bool] = lambda: self._draw.random() < 0.5
        self._old: dict[str, bytes] = {}
        for name in NAMES:
            self._settle_in(name)
        quorum = toml_line("witnesses", Quorum(witnesses=2).witnesses)
        path = folder / "trust.toml"
        path.write_text(f"{path.read_text()}\n[quorum]\n{quorum}\n")
        self.trust = load_trust(path)

    def _settle_in(self, name: str) -> None:
        home = self.folder / name
        log, witness = new_note_signer(f"{name}/log", "log"), new_note_signer(name, "witness")
        for signer in (log, witness):
            save_note_signer(signer, home / "keys")
        create_log(FolderStore(home / "public"), log, FolderStore(home / "keys"))
        who = Authority(origin=name, name=name, log=log.key.vkey, witness=witness.key.vkey)
        add_to_trust(self.folder / "trust.toml", who)

    def run(self, seconds: float) -> None:
        """Let them run for so long; kill one now and then; let Mallory fork in the first third."""
        processes = {name: self._start(name) for name in NAMES}
        end = time.monotonic() + seconds
        fork_at = end - seconds * 2 / 3
        while time.monotonic() < end:
            time.sleep(0.1 + self._draw.random() * seconds / 15)
            if self._branch is None and time.monotonic() > fork_at:
                _stop(processes[MALLORY])
                self._fork()
                processes[MALLORY] = self._start(MALLORY)
            name = self._draw.choice(HONEST)
            if processes[name].poll() is None:
                self.killed += 1
            _stop(processes[name])
            processes[name] = self._start(name)
        # On a slow machine nobody may have lived long enough to write: wait until all have.
        late = time.monotonic() + 60
        while not all(map(self._begun, HONEST)) and time.monotonic() < late:
            time.sleep(0.05)
        for process in processes.values():
            _stop(process)

    def _begun(self, name: str) -> bool:
        """Whether an authority's log holds anything."""
        return self._log(name, self.folder / name / "public").checkpoint()[0].size > 0

    def settle(self) -> None:
        """Faults cease; all follow all twice; Mallory tells one story, then the other."""
        self.faulty = False
        for other in (False, True):
            self._story = partial(bool, other)
            for process in [self._start(name, rounds=0) for name in NAMES]:
                assert process.wait(timeout=120) == 0

    def verdict(self) -> Verdict:
        """What every authority holds now."""
        unequal, accused, unproven, unseen, entries = [], [], [], [], 0
        for name in HONEST:
            log = self._log(name, self.folder / name / "public")
            checkpoint = log.check()
            entries += checkpoint.size
            unseen += [] if self._seen(name) else [name]
            for follower in HONEST:
                held = self._forks(follower, name)
                accused += [f"{name} at {follower}"] if held else []
                mirror = self._log(name, self._mirror(follower, name))
                if follower != name and mirror.check() != checkpoint:
                    unequal.append(f"{name} at {follower}")
        for follower in HONEST:
            proofs = [
                check_fork((self._mirror(follower, MALLORY) / path).read_bytes())
                for path in self._forks(follower, MALLORY)
            ]
            keys = set(self.trust.log_keys(f"{MALLORY}/log"))
            if not any(set(proof.keys) <= keys for proof in proofs):
                unproven.append(follower)
        return Verdict(unequal, accused, unproven, unseen, entries, self.killed, self.faults)

    def place(self, name: str) -> Path:
        """Which folder somebody is served who opens a connection now."""
        if name == MALLORY and self._branch and self._story():
            return self._branch
        return self.folder / name / "public"

    def answer(self, name: str, folder: Path, path: str) -> tuple[int, bytes]:
        """What the server of an authority answers: a status and a body, perhaps spoilt."""
        file = (folder / path).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            return 404, b""
        body = file.read_bytes()
        if not self.faulty or self._draw.random() < 0.9:
            if path == CHECKPOINT and self._draw.random() < 0.2:
                self._old[name] = body
            return 200, body
        self.faults += 1
        kind = self._draw.randrange(5)
        if kind == 0:
            return 500, b""
        if kind == 1:
            return 200, body[: len(body) // 2]
        if kind == 2 and body:
            at = self._draw.randrange(len(body))
            return 200, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        if kind == 3 and path == CHECKPOINT:
            return 200, self._old.get(name, body)
        time.sleep(self._draw.random() / 5)
        return 200, body

    def _start(self, name: str, rounds: int = 1_000_000) -> subprocess.Popen[bytes]:
        words = [str(self.folder), name, str(self._draw.randrange(10**9)), str(rounds)]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.record.authority", *words],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )

    def _fork(self) -> None:
        """Mallory's second story: a copy of the log, in which other entries follow."""
        home = self.folder / MALLORY
        branch = self.folder / "branch"
        shutil.copytree(home / "public", branch)
        signer = load_note_signer(home / "keys" / f"{MALLORY}_log.log.key", "log")
        Log(FolderStore(branch), (signer.key,)).append(
            [b"another story %d" % number for number in range(300)], {}, signer
        )
        self._branch = branch.resolve()

    def _log(self, name: str, folder: Path) -> Log:
        return Log(FolderStore(folder), self.trust.log_keys(f"{name}/log"))

    def _mirror(self, follower: str, name: str) -> Path:
        if follower == name:
            return self.folder / name / "public"
        return self.folder / follower / "public" / seen_path(f"{name}/log")

    def _forks(self, follower: str, name: str) -> tuple[str, ...]:
        return read_held(FolderStore(self.folder / follower / "keys"), f"{name}/log").forks

    def _seen(self, name: str) -> bool:
        public, now = FolderStore(self.folder / name / "public"), datetime.now(UTC)
        return lately_seen(heads_of(public, self.trust, now), self.trust, now).last is not None


@contextmanager
def running(folder: Path, seed: int) -> Iterator[Five]:
    """Five authorities in `folder`, with a server each; nothing runs when the block ends."""
    five = Five(folder.resolve(), seed)
    servers = {name: _Server(("127.0.0.1", 0), _handler(five, name)) for name in NAMES}
    ports = {name: server.server_address[1] for name, server in servers.items()}
    (folder / "ports.json").write_text(json.dumps(ports))
    for server in servers.values():
        server.daemon_threads = True
        threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
    try:
        yield five
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *request: object) -> None:
        """Who asked was killed meanwhile; that is no error of the server's."""


def _handler(five: Five, name: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            self.place = five.place(name)
            super().setup()

        def do_GET(self) -> None:
            status, body = five.answer(name, self.place, self.path.lstrip("/"))
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *words: object) -> None:
            return

    return Handler


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill, at whatever it was doing."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
