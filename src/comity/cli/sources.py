"""Where standing comes from: logs that are followed, a signed status list, or a written file."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from comity.claims.standing import Standing
from comity.cli.terminal import entries
from comity.errors import ComityError, InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.claims.standing import LogHead
    from comity.record.standing import LogPrefix
    from comity.record.store import Source
    from comity.record.unheard import Listed

__all__ = [
    "LOGS",
    "Known",
    "Sources",
    "listed_words",
    "located",
    "log_words",
    "read_logs",
    "sources_by_log",
    "told_two_stories",
]

LOGS = click.option(
    "--log",
    "logs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A log that you follow: its mirror, or the folder with all your mirrors.",
)


MAX_LISTED = 100
MAX_PROOFS = 100


class Known(NamedTuple):
    """What is known of statements and authorities, and the entries that changed nothing."""

    standing: Standing
    listed: tuple[Listed, ...] = ()

    def about(self, statements: Container[str]) -> Known:
        """What is known of these statements alone, where logs or a list know of more."""
        if not self.standing.logs:
            return self
        import msgspec

        states = self.standing.statements
        kept = {one: state for one, state in states.items() if one in statements}
        return self._replace(standing=msgspec.structs.replace(self.standing, statements=kept))


class Sources(NamedTuple):
    """Where to look.

    Attributes:
        written: A file that somebody wrote: TOML or JSON. Beside logs it may hold comparisons only.
        logs: Folders of logs, as `read_logs` takes them.
        status: A signed status list, instead of logs.
        max_age_hours: Oldest sight of a log that counts, or None: as the trust file says for a
            status list, and as each agreement says for logs.
    """

    written: Path | None = None
    logs: Sequence[Path] = ()
    status: Path | None = None
    max_age_hours: int | None = None

    def known(
        self, trust: Trust, *, reader: str, day: datetime.date, hand: Mapping[str, object]
    ) -> Known:
        """Read them.

        Args:
            trust: The reader's trust file.
            reader: Origin of the reader's own authority.
            day: The day of the decision.
            hand: The statements in question, by their identity.

        Raises:
            InputError: a file is wrong, or two sources exclude each other.
            RecordError: a log or a status list does not hold, or is too old.
            VerificationError: the status list is not signed by somebody whom the reader trusts.
        """
        from comity.cli.inputs import read_toml_or_json

        written = read_toml_or_json(self.written, Standing) if self.written else Standing()
        if self.logs and self.status:
            raise InputError("--log and --status exclude each other: one of them is newer")
        if not self.logs and not self.status:
            return Known(written)
        if written != Standing(comparisons=written.comparisons):
            raise InputError(
                "beside a log this file may hold comparisons alone: what is good, the log says",
                where=str(self.written),
            )
        moment = _moment(day)
        if self.status:
            return Known(self._from_list(self.status, trust, reader, moment, hand, written))
        from comity.record.standing import laboratories_in, replay

        prefixes = read_logs(self.logs, trust, hand.keys())
        found = replay(
            prefixes, day=day, peers=trust.peers, hand=hand, comparisons=written.comparisons
        )
        asked = laboratories_in(hand)
        self._require_fresh([one for one in prefixes if one.owner in asked] or prefixes, moment)
        return Known(found.standing, found.listed)

    def _from_list(
        self,
        path: Path,
        trust: Trust,
        reader: str,
        moment: datetime.datetime,
        hand: Mapping[str, object],
        written: Standing,
    ) -> Standing:
        import msgspec

        from comity.claims.record import StatusList
        from comity.cli.inputs import read_verified
        from comity.record.standing import laboratories_in
        from comity.record.status import standing_of

        verified = read_verified(path, trust)
        if not isinstance(verified.predicate, StatusList):
            raise InputError("this signed file is no status list", where=str(path))
        with located(path):
            found = standing_of(
                verified,
                trust,
                reader=reader,
                now=moment,
                max_age_hours=self.max_age_hours,
                asked=laboratories_in(hand),
            )
        return msgspec.structs.replace(found, comparisons=written.comparisons)

    def _require_fresh(self, prefixes: Sequence[LogPrefix], moment: datetime.datetime) -> None:
        from comity.errors import RecordError

        if self.max_age_hours is None:
            return
        for prefix in prefixes:
            what = "nothing says how new this log is: too few witnesses of yours have seen it"
            if prefix.checked_at is not None:
                seen = datetime.datetime.fromisoformat(prefix.checked_at)
                hours = (moment - seen).total_seconds() / 3600
                if hours <= self.max_age_hours:
                    continue
                what = f"this log was last seen {hours:.0f} hours before; allowed are "
                what += str(self.max_age_hours)
            raise RecordError(
                what, where=prefix.head.origin, hint="Follow it again, or leave --max-age out."
            )


def read_logs(
    folders: Sequence[Path], trust: Trust, wanted: Collection[str] | None = None
) -> list[LogPrefix]:
    """Read and verify the logs in some folders, each log once, by name.

    Args:
        folders: Each a log, a mirror of one, or what a follower publishes: below it, in `seen/`,
            stand mirrors of every log that it follows.
        trust: The reader's trust file. Logs that it does not name are passed over in `seen/`.
        wanted: The statements of interest; None: all.

    Raises:
        InputError: a folder holds no log.
        RecordError: a log does not hold, or two folders tell different stories of it.
    """
    from comity.cli.types import TYPES
    from comity.record.heads import heads_of
    from comity.record.replay import read_prefix

    now = datetime.datetime.now(datetime.UTC)
    found = []
    for places in sources_by_log(folders, trust).values():
        (folder, source), *others = places
        with located(folder):
            heads = [head for _, other in others for head in heads_of(other, trust, now)]
            notes = [head.note for head in heads]
            prefix = read_prefix(source, trust, TYPES, now, wanted=wanted, others=notes)
        found.append(prefix._replace(forked=told_two_stories(places, prefix.head.origin, trust)))
    return found


def told_two_stories(places: Sequence[tuple[Path, Source]], origin: str, trust: Trust) -> bool:
    """Whether a proof of that lies beside the log or a mirror of it, as `log follow` keeps it."""
    from comity.files import read_bytes
    from comity.record.fork import MAX_FORK_BYTES, check_fork
    from comity.record.witness import seen_path

    for folder, _ in places:
        for place in (folder, folder / seen_path(origin)):
            for path in islice((place / "fork").glob("*.json"), MAX_PROOFS):
                try:
                    forked = check_fork(read_bytes(path, MAX_FORK_BYTES))
                except ComityError:
                    continue  # no proof of anything
                known = set(forked.keys) <= set(trust.log_keys(origin))
                if forked.first.origin == origin and known:
                    return True
    return False


def sources_by_log(folders: Sequence[Path], trust: Trust) -> dict[str, list[tuple[Path, Source]]]:
    """Where the logs stand, by name: the longest copy first, with the folder that was named.

    Raises:
        InputError: a folder holds no log.
        RecordError: a checkpoint does not hold.
    """
    from comity.record.heads import heads_of

    now = datetime.datetime.now(datetime.UTC)
    places: dict[str, list[tuple[int, Path, Source]]] = {}
    for folder in folders:
        with located(folder):
            for source in _logs_in(folder, trust):
                longest = max((one.head for one in heads_of(source, trust, now)), key=_size)
                places.setdefault(longest.origin, []).append((longest.size, folder, source))
    return {
        origin: [(folder, source) for _, folder, source in sorted(found, key=lambda one: -one[0])]
        for origin, found in sorted(places.items())
    }


def log_in(folder: Path, trust: Trust) -> str:
    """The name of the log in a folder, or of the only mirror there.

    Raises:
        InputError: there is none, or several mirrors.
    """
    from comity.cli.places import origin_in

    if (folder / "checkpoint").exists():
        return origin_in(folder)
    names = list(sources_by_log([folder], trust))
    if len(names) > 1:
        raise InputError(
            f"several logs are mirrored here: {', '.join(names)}",
            where=str(folder),
            hint="Name the folder of one of them, below seen/.",
        )
    return names[0]


def read_one(folder: Path, origin: str, trust: Trust, wanted: Collection[str] | None) -> LogPrefix:
    """Read and verify one log of a folder.

    Raises:
        InputError: it is not there.
        RecordError: it does not hold.
    """
    for log in read_logs([folder], trust, wanted):
        if log.head.origin == origin:
            return log
    raise InputError(f"neither the log {origin} nor a mirror of it is here", where=str(folder))


def _logs_in(folder: Path, trust: Trust) -> list[Source]:
    """The log in a folder, and the mirrors of known logs in its `seen/`."""
    from comity.record.log import CHECKPOINT
    from comity.record.note import MAX_NOTE_BYTES
    from comity.record.store import FolderStore
    from comity.record.witness import Below, seen_path

    store = FolderStore(folder)
    names = sorted({one.log_key.name for one in trust.authorities if one.log_key})
    sources: list[Source] = [store, *(Below(store, seen_path(name)) for name in names)]
    found = [one for one in sources if one.read(CHECKPOINT, MAX_NOTE_BYTES) is not None]
    if not found:
        raise InputError("neither a log nor a mirror of one that you know is here")
    return found


def log_words(standing: Standing) -> list[str]:
    """One line for each log that a standing was read from."""
    count = standing.witnesses
    who = f"{count} witness{'' if count == 1 else 'es'} of yours"
    seen = (
        f"last seen {standing.checked_at} by {who}"
        if standing.checked_at
        else f"seen by {who}: too few to say when"
    )
    return [f"{head.origin}, {entries(head.size)}, {seen}" for head in standing.logs]


def listed_words(listed: Sequence[Listed]) -> list[str]:
    """One line for each entry that changed nothing; of very many, how many more there are."""
    lines = [
        f"{one.log}{f' entry {one.number:,}' if one.number >= 0 else ''}: {one.why.sentence}"
        + (f" ({one.detail})" if one.detail else "")
        for one in listed[:MAX_LISTED]
    ]
    more = len(listed) - len(lines)
    return [*lines, f"and {more:,} more"] if more else lines


def _size(head: LogHead) -> int:
    return head.size


@contextmanager
def located(path: Path) -> Iterator[None]:
    """Names the file or folder in errors that do not name it."""
    try:
        yield
    except ComityError as error:
        if not error.where.startswith(str(path)):
            error.where = f"{path}: {error.where}" if error.where else str(path)
        raise


def _moment(day: datetime.date) -> datetime.datetime:
    """The moment at which ages are asked: now, where it is today somewhere; else the day's end."""
    now = datetime.datetime.now(datetime.UTC)
    if abs((day - now.date()).days) <= 1:
        return now
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), tzinfo=datetime.UTC)
