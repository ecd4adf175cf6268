"""The command that proves a blind."""

from __future__ import annotations

from pathlib import Path

import click

from cutbook.cli.options import (
    cut_argument,
    find,
    one_line,
    project_option,
    study_argument,
    unverified_option,
)
from cutbook.cli.shell.examples import examples


@click.command(epilog=examples("cutbook prove tofersen C2", "cutbook prove tofersen C2 --allocations 100"))
@study_argument
@cut_argument
@click.option("--allocations", type=click.IntRange(2, 1000), help="Random allocations [default: the study file's].")
@unverified_option
@project_option
def prove(*, study: str, cut: str, allocations: int | None, unverified: bool, project_folder: Path | None) -> None:
    """Prove that the blinded reports of a cut do not depend on who got what.

    Its transfer is read under random allocations within the cohorts, the complement of each, and without any; exit code
    4 when one reading differs. Every blinded run does the same before it renders, and prints what came of it.
    """
    import tempfile

    from cutbook.data.proving.proof import prove_blind
    from cutbook.data.transfer.audience import refuse_reader, with_class
    from cutbook.report.publishing.orders import read_parameters

    project = find(project_folder)
    known, read = read_parameters(project, study, cut)
    blinded = with_class(known, read, "blinded")
    refuse_reader(known, blinded, role="")
    if known.blinding and allocations:
        policy = known.blinding.model_copy(update={"allocations": allocations})
        known = known.model_copy(update={"blinding": policy})
    with tempfile.TemporaryDirectory(prefix="cutbook-") as folder:
        proven = prove_blind(project, known, blinded, Path(folder) / "proof", is_unverified_allowed=unverified)
    click.echo(f"{study} {cut}: {one_line(proven.words)}")
    click.echo(f"SHA-256 {proven.sha256}")
