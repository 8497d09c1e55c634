"""Whose a connection is: what another account of the same computer cannot do with a cookie."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from early_warning.desk.peer import account_of
from goods.early_warning.tests.desk.served import served, signed_in

known = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="only Linux tells whose a connection is"
)
NOBODY = "65534"


@known
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_account_of_a_connection_is_that_of_the_program_that_made_it(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if family == socket.AF_INET6 and not socket.has_dualstack_ipv6():
        pytest.skip("this computer has no IPv6")
    with ExitStack() as opened:
        listener = opened.enter_context(socket.socket(socket.AF_INET if "." in host else family))
        listener.bind(("127.0.0.1" if "." in host else host, 0))
        listener.listen()
        client = opened.enter_context(socket.socket(family))
        client.connect((host, listener.getsockname()[1]))
        accepted, peer = listener.accept()
        opened.enter_context(accepted)
        assert account_of(peer[:2], accepted.getsockname()[:2]) == os.getuid()


def test_nobodys_connection_has_no_account() -> None:
    assert account_of(("127.0.0.1", 1), ("127.0.0.1", 2)) is None


@known
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")
def test_a_cookie_that_another_account_learnt_opens_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as desk:
        caller = signed_in(desk)
        port = desk.host.rpartition(":")[2]
        request = (
            f"GET / HTTP/1.1\r\nhost: {desk.host}\r\nconnection: close\r\n"
            f"cookie: early_warning_desk_{port}={caller.cookie}\r\n\r\n"
        )
        program = (
            "import os, socket, sys\n"
            "os.setuid(int(sys.argv[3]))\n"
            "with socket.socket() as desk:\n"  # nothing is imported any more: it may be unreadable
            "    desk.connect((b'127.0.0.1', int(sys.argv[1])))\n"
            "    desk.sendall(sys.argv[2].encode())\n"
            "    print(desk.recv(100).decode())\n"
        )
        run = [sys.executable, "-I", "-c", program, port, request]
        answers = [
            subprocess.run([*run, user], capture_output=True, text=True, check=True).stdout
            for user in ("0", NOBODY)
        ]
        assert answers[0].startswith("HTTP/1.1 200")
        assert answers[1].startswith("HTTP/1.1 303")  # to sign in
        assert caller.get("/")[0] == 200
