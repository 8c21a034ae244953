"""`shotkit demo`: the main job, told step by step."""

import json
import sys

import click

from shotkit.cli.options import traceback_option

__all__ = ["demo"]


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
@traceback_option
def demo(size: str, as_json: bool) -> None:
    """Start the embedded PostgreSQL, fill a demo, load a shot, audit, plant drift, find it, repair it."""
    from shotkit.demo.run import run  # noqa: PLC0415  --help must not wait for pandas

    result = run(size, say=(lambda _: None) if as_json else click.echo, progress=sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=1))
    if not result.proven:
        raise SystemExit(1)
