"""`comity overlap`: which text of a model stands word for word in a corpus."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from comity.cli.options import json_option

if TYPE_CHECKING:
    from comity.assess.overlap import Corpus, Normalisation, Output, Overlap, Summary
    from comity.cli.terminal import Share

__all__ = ["command"]

SHOWN = 20
"""Outputs that the table in the terminal lists; --json has all."""
EXCERPT = 60

Step = Callable[[str, "Share | None"], None]


@click.command("overlap")
@click.argument("outputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--corpus", required=True, multiple=True, type=click.Path(path_type=Path),
    help="A file, or a folder of files. Can be given several times.",
)  # fmt: skip
@click.option(
    "--control", multiple=True, type=click.Path(path_type=Path),
    help="Texts that the model cannot have seen, searched in the same way.",
)  # fmt: skip
@click.option("--least", default=50, show_default=True, help="Shortest span that counts.")
@click.option(
    "--unicode", "form", type=click.Choice(["keep", "nfc", "nfkc"]), default="nfc",
    show_default=True, help="Which spelling of a letter is compared.",
)  # fmt: skip
@click.option(
    "--whitespace", type=click.Choice(["keep", "collapse"]), default="collapse",
    show_default=True, help="Whether a run of white space is one space.",
)  # fmt: skip
@click.option(
    "--case", type=click.Choice(["keep", "fold"]), default="keep", show_default=True,
    help="Whether capitals are like small letters.",
)  # fmt: skip
@json_option
def command(
    outputs: tuple[Path, ...],
    corpus: tuple[Path, ...],
    control: tuple[Path, ...],
    least: int,
    form: Literal["keep", "nfc", "nfkc"],
    whitespace: Literal["keep", "collapse"],
    case: Literal["keep", "fold"],
    as_json: bool,
) -> None:
    """Find every span that OUTPUTS share with a corpus, word for word.

    OUTPUTS are .jsonl files with one output a line (an object with "text", or a string), or files
    or folders in which each file is one output. No span of --least characters is missed, and none
    is invented.
    """
    from comity.assess.overlap import Normalisation, read_outputs
    from comity.cli.terminal import progress

    normal = Normalisation(unicode=form, whitespace=whitespace, case=case)
    with progress(silent=as_json) as step:
        step("reading the outputs", None)
        read = read_outputs(outputs, normal)
        texts, found, summary = _searched(corpus, "the corpus", read, normal, least, step)
        beside = _searched(control, "the control", read, normal, least, step) if control else None
    if as_json:
        click.echo(_as_json(read, texts, found, summary, beside))
    else:
        _tell(read, texts, found, summary, beside[2] if beside else None)


def _searched(
    paths: Sequence[Path],
    what: str,
    outputs: Sequence[Output],
    normal: Normalisation,
    least: int,
    step: Step,
) -> tuple[Corpus, tuple[Overlap, ...], Summary]:
    from comity.assess.overlap import Index, read_corpus, search, summarise

    done = 0.0

    def told(share: float) -> None:
        nonlocal done
        done = share

    def begin(words: str) -> None:
        told(0.0)
        step(words, lambda: done)

    begin(f"reading {what}")
    texts = read_corpus(paths, normal, told)
    begin(f"indexing {what}")
    index = Index.of(texts, least, told)
    begin(f"searching {len(outputs):,} outputs in {what}")
    found = search(index, outputs, told)
    return texts, found, summarise(index, normal, found)


def _as_json(
    outputs: Sequence[Output],
    corpus: Corpus,
    found: Sequence[Overlap],
    summary: Summary,
    control: tuple[Corpus, tuple[Overlap, ...], Summary] | None,
) -> str:
    import msgspec

    value = {
        "summary": msgspec.to_builtins(summary),
        "control": msgspec.to_builtins(control[2]) if control else None,
        "outputs": [
            {
                "output": output.name,
                "characters": one.characters,
                "covered": one.covered,
                "longest": _span(output, corpus, one),
                "control_longest": control[1][number].longest if control else None,
            }
            for number, (output, one) in enumerate(zip(outputs, found, strict=True))
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def _span(output: Output, corpus: Corpus, one: Overlap) -> dict[str, str | int] | None:
    if not one.longest:
        return None
    return {
        "characters": one.longest,
        "at": one.at,
        "file": corpus.names[one.text],
        "offset": one.offset,
        "text": output.text.decode()[one.at : one.at + one.longest],
    }


def _tell(
    outputs: Sequence[Output],
    corpus: Corpus,
    found: Sequence[Overlap],
    summary: Summary,
    control: Summary | None,
) -> None:
    from comity.cli.terminal import safe_text

    click.echo(
        f"{summary.outputs:,} outputs against {summary.texts:,} texts "
        f"({summary.corpus_bytes / 1e6:,.1f} MB), spans of {summary.least} characters or more\n"
        f"Compared after: {summary.normalisation.words}.\n"
    )
    click.echo(_rate("with such a span", summary))
    if control:
        click.echo(_rate("in the control", control))
    if not summary.with_span:
        return
    click.echo(f"  {'longest span':<17} {summary.longest:,} characters")
    click.echo(f"  {'covered':<17} {float(summary.covered or 0):.2%} of all characters")
    order = sorted(range(len(found)), key=lambda i: (-found[i].longest, i))[:SHOWN]
    for i in order:
        one = found[i]
        if not one.longest:
            break
        text = outputs[i].text.decode()[one.at : one.at + min(one.longest, EXCERPT)]
        more = "…" if one.longest > EXCERPT else ""
        click.echo(
            f"\n{safe_text(outputs[i].name)}: {one.longest:,} of {one.characters:,} characters "
            f"from character {one.at:,} on; {one.covered / one.characters:.0%} covered\n"
            f"  = {safe_text(corpus.names[one.text])}, from character {one.offset:,} on\n"
            f"  “{safe_text(text)}{more}”"
        )
    if summary.with_span > SHOWN:
        click.echo(f"\n{summary.with_span - SHOWN:,} more outputs have a span; --json has all.")


def _rate(words: str, summary: Summary) -> str:
    if summary.rate is None:
        return f"  {words:<17} no output was given, so nothing was measured"
    return (
        f"  {words:<17} {summary.with_span:,} of {summary.outputs:,} = {float(summary.rate):.4g}, "
        f"95 % interval [{float(summary.low):.4g}, {float(summary.high):.4g}]"
    )
