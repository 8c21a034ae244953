"""`shotkit shots` and `shotkit show`: what is there, as tables."""

import click

from shotkit.cli.options import Connect, connects, output_option
from shotkit.cli.output import FORMATS, write_frame

__all__ = ["shots", "show"]

form_option = click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)


@click.command()
@click.option("--project", help="Only this project's shots: its id or name.")
@form_option
@output_option
@connects
def shots(project: str | None, form: str, output: str | None, connect: Connect) -> None:
    """List the shots."""
    with connect(read_only=True) as kit:
        write_frame(kit.shots(project), form, output)


@click.command()
@click.argument("shot")
@click.option(
    "--phase",
    type=click.Choice(["1", "2", "merged"]),
    default="merged",
    show_default=True,
    help="1: display rows out of shot_data; 2: the links; merged: both, the links being the truth.",
)
@form_option
@output_option
@connects
def show(shot: str, phase: str, form: str, output: str | None, connect: Connect) -> None:
    """Show the rows of SHOT, an id or a name."""
    with connect(read_only=True) as kit:
        chosen = kit.shot(shot)
        rows = {"1": chosen.images, "2": chosen.links, "merged": chosen.generations}[phase]()
        write_frame(rows, form, output)
        if phase == "merged" and len(drift := chosen.drift()):
            click.echo(
                f"shot_data disagrees with the links in {len(drift)} places; see `shotkit audit`.", err=True
            )
