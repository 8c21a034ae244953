"""`shotkit audit --self-test`: whether the auditor finds what it should, on this very data."""

from functools import partial
from typing import TYPE_CHECKING

import click

from shotkit.cli.output import table
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.cli.options import Connect
    from shotkit.demo.self_test import SelfTest

__all__ = ["self_test_option", "tell_self_test"]

self_test_option = click.option(
    "--self-test",
    is_flag=True,
    help="Plant faults into a copy of a sample, audit that, and tell recall and precision.",
)


def tell_self_test(connect: "Connect", only: list[str] | None, *, aside: bool) -> bool:
    """Test the auditor, print how it did, on stderr where that is `aside`; return whether all was right."""
    from shotkit.demo.self_test import classes, self_test  # noqa: PLC0415
    from shotkit.progress import bar  # noqa: PLC0415  --help must not wait for the engine

    steps = len(classes(only))
    with connect(read_only=True) as kit, bar("testing the auditor", steps, shown=True) as advance:
        result = self_test(kit.database, only, advance=partial(advance, 1))
    click.echo(table(_frame(result), "aside" if aside else None), err=aside)
    for each in result.classes:
        if each.not_covered:
            click.echo(clean(f"not covered: {each.audit} {each.verdict}: {each.not_covered}"), err=aside)
    said = (
        "all that was planted was found, and nothing else"
        if result.ok
        else "THE AUDITOR IS NOT TO BE TRUSTED"
    )
    click.echo(f"Self-test on a copy of {result.generations:,} generations: {said}.", err=aside)
    return result.ok


def _frame(result: "SelfTest") -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  --help must not wait for pandas

    rows = [
        (each.audit, each.verdict, each.planted, each.found, each.invented, each.recall, each.precision)
        for each in result.classes
        if not each.not_covered
    ]
    return pd.DataFrame(
        rows, columns=["audit", "verdict", "planted", "found", "invented", "recall", "precision"]
    )
