"""`shotkit audit` and `inject`: find what is wrong, and prove that it is found."""

from functools import partial
from typing import TYPE_CHECKING

import click

from shotkit.cli.compare import against_option, tell_differences
from shotkit.cli.engines import audited, engine_options
from shotkit.cli.options import Connect, connects, only_option, split_ids
from shotkit.cli.reports import Wanted, hand_out, report_options
from shotkit.cli.self_test import self_test_option, tell_self_test
from shotkit.errors import ConfigurationError
from shotkit.plain import clean

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["audit", "inject"]

COULD_NOT_COMPLETE = 3  # a judge that errs has judged nothing


@click.command()
@only_option
@engine_options
@against_option
@report_options
@self_test_option
@connects
def audit(  # noqa: PLR0913  click hands over each option
    only: str | None,
    *,
    snapshot: "Path | None",
    engines: str | None,
    against: str | None,
    jobs: int | None,
    self_test: bool,
    wanted: Wanted,
    connect: Connect,
) -> None:
    """Check shot_data, links, variants, relations, storage, credits, tasks and the guards of the schema."""
    if against is not None:
        raise SystemExit(tell_differences(connect, snapshot, against, wanted))
    if self_test and snapshot:
        raise ConfigurationError("--self-test copies from a database; leave --snapshot out.")
    code = hand_out(partial(audited, connect, snapshot, engines, jobs, split_ids(only)), wanted)
    if self_test and not tell_self_test(connect, split_ids(only), aside=wanted.form != "table"):
        code = COULD_NOT_COMPLETE
    raise SystemExit(code)


@click.command()
@click.argument("fault_class", metavar="CLASS")
@click.option(
    "--count", type=click.IntRange(min=1), default=1, show_default=True, help="How many of the class."
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Chooses where; the same seed, the same places."
)
@connects
def inject(fault_class: str, count: int, seed: int, connect: Connect) -> None:
    """Plant faults of CLASS, in an embedded or scratch database only.

    CLASS is a verdict of shot_data, `all` of these, or another audit's number, alone or with its verdict:
    0011, 0011/none.
    """
    from shotkit.demo.faults import plant  # noqa: PLC0415  --help must not wait for it

    with connect() as kit:
        planted = plant(kit.database, fault_class, count=count, seed=seed)
    for fault in planted:
        click.echo(clean(f"{fault.audit}  {fault.verdict}  {fault.key}"))
    number = planted[0].audit
    mends = f"`shotkit repair --only {number}` tells what mends them"
    click.echo(f"{len(planted)} planted; `shotkit audit` finds them, {mends}.")
