"""The front door of a command line: verbs that load late, and every error as a sentence.

Exit codes: 0 done (or yes), 1 the answer is no, 2 the question was wrong, 130 interrupted.
"""

from __future__ import annotations

import importlib
import json
import signal
import sys
from collections.abc import Mapping
from typing import Any

import click

from comity.errors import ComityError, InputError

__all__ = ["Verbs", "run_program"]


class Verbs(click.Group):
    """Lists verbs from a table, and imports a verb's file only to run it.

    Args:
        table: Name and summary of each verb.
        package: Where its file is: `package.<name>`, which defines `command`; a dash is `_` there.
        options: As of `click.Group`.
    """

    def __init__(self, *, table: Mapping[str, str], package: str, **options: Any) -> None:
        super().__init__(**options)
        self._table, self._package = table, package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A verb's command, or null."""
        if cmd_name not in self._table:
            return None
        module = importlib.import_module(f"{self._package}.{cmd_name.replace('-', '_')}")
        assert isinstance(module.command, click.Command)
        return module.command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, under `--help`."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(self._table.items()))


def run_program(command: click.Command, program: str, arguments: list[str] | None) -> int:
    """Run a command line; return its exit code. Every error is a sentence, no traceback.

    Args:
        command: What to run.
        program: Its name, as people type it.
        arguments: Null for those of this process.
    """
    words = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in words
    if arguments is None:  # asked to end: clean up as after Ctrl-C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = command.main(args=words, prog_name=program, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ComityError as error:
        _complain(error, program, as_json=as_json)
        return error.exit_code
    except click.ClickException as error:
        if as_json:
            _complain(InputError(error.format_message()), program, as_json=True)
        else:
            error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing half-written was left behind", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _complain(error: ComityError, program: str, *, as_json: bool) -> None:
    if as_json:
        fields: dict[str, Any] = {"what": error.what, "where": error.where, "hint": error.hint}
        rule = getattr(error, "rule", None)
        if rule is not None:
            fields["rule"] = rule
        click.echo(json.dumps({"error": fields}, ensure_ascii=False))
    else:
        from comity.cli.terminal import safe_text

        place = f"{safe_text(error.where)}: " if error.where else ""
        lines = [f"{program}: {place}{safe_text(error.what)}"]
        lines += [f"  {safe_text(line.strip())}" for line in error.hint.splitlines()]
        click.echo("\n".join(lines), err=True)
