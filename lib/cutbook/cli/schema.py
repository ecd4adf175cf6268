"""The command that prints what a parameter file or a manifest may hold, for editors and other programs."""

from __future__ import annotations

import click

from cutbook.cli.shell.examples import examples

NAMES = ("study", "cut", "recipients", "manifest")


@click.command(epilog=examples("cutbook schema study"))
@click.argument("name", type=click.Choice(NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema of a study file, cut file, recipients file or manifest of a transfer."""
    from cutbook.data.transfer.manifest import Manifest
    from cutbook.parameters.cut import CutParameters
    from cutbook.parameters.recipients import Recipients
    from cutbook.parameters.schema import json_schema, schema_text, text_schema
    from cutbook.parameters.study import Study

    files = {"study": Study, "cut": CutParameters, "recipients": Recipients}
    whole = text_schema(files[name]) if name in files else json_schema(Manifest)
    click.echo(schema_text(whole).encode("utf-8"), nl=False)
