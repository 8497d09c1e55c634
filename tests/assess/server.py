"""A real PostgreSQL server for the tests, with a password, on a socket of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.parts import absent

PASSWORD = "t0p/secret:word"
VARIABLE = "MINISTRY_DATABASE"


def programs() -> Path:
    """Folder of `initdb` and `pg_ctl`; Debian does not put it on the path."""
    found = shutil.which("initdb")
    if found is not None and shutil.which("pg_ctl") is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        absent("PostgreSQL", "apt-get install postgresql")
    return versions[-1].parent


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as somebody who may do nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def running() -> Iterator[str]:
    """Start a server; yields its folder, which is also that of its socket."""
    binaries, who = programs(), unprivileged()
    folder = tempfile.mkdtemp(prefix="comity-pg-")
    if who:
        os.chown(folder, who["user"], who["group"])

    def run(*words: str) -> None:
        quiet = subprocess.DEVNULL  # the server keeps an inherited pipe open
        subprocess.run(words, check=True, cwd=folder, stdout=quiet, stderr=quiet, **who)

    try:
        secret = Path(folder, "password")
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        control, data = str(binaries / "pg_ctl"), f"{folder}/data"
        run(
            str(binaries / "initdb"), "-D", data, "-U", "owner", "-A", "scram-sha-256",
            f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        settings = f"-c listen_addresses= -k {folder} -c fsync=off"
        run(control, "-D", data, "-w", "-l", f"{folder}/log", "-o", settings, "start")
        try:
            yield folder
        finally:
            run(control, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address(folder: str, password: str = PASSWORD) -> str:
    """What the environment variable holds."""
    return f"host={folder} dbname=postgres user=owner password={password}"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The folder of a running server."""
    with running() as folder:
        yield folder


def fill(folder: str, name: str, types: dict[str, str], columns: dict[str, list[Any]]) -> None:
    """Make a table in the server and fill it with columns."""
    from psycopg import sql

    fields = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in types.items()
    )
    table = sql.Identifier(*name.split("."))
    with psycopg.connect(address(folder), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(table))
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, fields))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            for row in zip(*(columns[column] for column in types), strict=True):
                copy.write_row(row)


def execute(folder: str, statement: str) -> None:
    """Run one statement as the owner."""
    with psycopg.connect(address(folder), autocommit=True) as connection:
        connection.execute(statement.encode())
