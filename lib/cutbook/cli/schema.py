"""The command that prints what a parameter file or a manifest may hold, for editors and other programs."""

from __future__ import annotations

import click

from cutbook.cli.shell.examples import examples

NAMES = ("study", "cut", "recipients", "pk_choices", "manifest")


@click.command(epilog=examples("cutbook schema study"))
@click.argument("name", type=click.Choice(NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema of a study file, cut file, recipients file, PK decisions or manifest of a transfer."""
    from cutbook.starter.schemas import schema_of

    click.echo(schema_of(name).encode("utf-8"), nl=False)
