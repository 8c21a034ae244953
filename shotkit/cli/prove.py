"""`shotkit prove`: whether a schema's own triggers keep shot_data right, tried on a copy of the schema."""

from contextlib import closing

import click

from shotkit.cli.options import output_option, traceback_option
from shotkit.cli.output import write_frame, write_text
from shotkit.plain import clean

__all__ = ["prove"]

DRIFTS, NOT_COVERED = 1, 4
SHOWN = ("write", "result", "verdict", "stored", "expected", "detail")


@click.command()
@click.option(
    "--writers", type=click.IntRange(2, 64), default=8, show_default=True, help="How many write at once."
)
@click.option(
    "--writes", type=click.IntRange(min=1), default=2_000, show_default=True, help="About how often, in all."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses the writes.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@click.option("--url", help="Database address: a URL, or service=NAME.")
@traceback_option
def prove(form: str, output: str | None, url: str | None, **chosen: int) -> None:
    """Try the schema's own triggers: which writes leave drift, and how much many writers at once do.

    Only the schema is read, with pg_dump: no row leaves the database and nothing is written to it. A copy
    of the schema, with rows made up, stands in a scratch server, which is removed at the end.
    """
    from shotkit.engine import open_database  # noqa: PLC0415  --help must not wait for the engine
    from shotkit.progress import bar  # noqa: PLC0415
    from shotkit.prove import prove as proven  # noqa: PLC0415
    from shotkit.prove import steps  # noqa: PLC0415

    with (
        closing(open_database(url, read_only=True)) as database,
        bar("proving", steps(chosen["writers"], chosen["writes"]), shown=True) as advance,
    ):
        proof = proven(database, advance=advance, **chosen)
    if form == "json":
        write_text(proof.to_json(), output)
    else:
        write_frame(proof.writes[list(SHOWN)], "table", output)
        for line in repr(proof).splitlines():
            click.echo(clean(line), err=output is not None)
    raise SystemExit(DRIFTS if not proof.holds else NOT_COVERED if proof.left_out else 0)
