"""`shotkit demo`: the main job, told step by step."""

import json
import sys

import click

from shotkit.cli.options import traceback_option

__all__ = ["demo"]

_WAYS_OUT = "`shotkit audit` shows the rows; `shotkit demo --fresh` drops the demo and fills it anew."


@click.command()
@click.option(
    "--size",
    type=click.Choice(["small", "medium", "large"]),
    default="small",
    show_default=True,
    help="60, 5,000 or 200,000 generations.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the timings and counts as JSON, and nothing else."
)
@click.option("--fresh", is_flag=True, help="Drop the demo's projects first, with all that was done to them.")
@traceback_option
def demo(size: str, *, as_json: bool, fresh: bool) -> None:
    """Start the embedded PostgreSQL, fill a demo, load a shot, audit, plant drift, find it, repair it."""
    from shotkit.demo.run import run  # noqa: PLC0415  --help must not wait for pandas

    say = (lambda _: None) if as_json else click.echo
    result = run(size, say=say, fresh=fresh, progress=sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=1))
    if not result.proven:
        if result.left:
            click.echo(f"Left: {result.left}. {_WAYS_OUT}", err=True)
        raise SystemExit(1)
