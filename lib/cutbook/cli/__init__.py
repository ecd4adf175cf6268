"""The command line: from a new project to published reports, their mails and the ledger of all that."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

import click

from cutbook.cli.delivery import outbox, send
from cutbook.cli.ledger import ledger
from cutbook.cli.manifest import manifest
from cutbook.cli.options import one_line, tell, tell_unforeseen
from cutbook.cli.proving import prove
from cutbook.cli.running import run
from cutbook.cli.scheduling import schedule
from cutbook.cli.shell.examples import examples
from cutbook.cli.shell.stream import PatientOutput, patient_stdout
from cutbook.cli.starting import init, new, schema
from cutbook.cli.studies import check, compare, explore, export, replay, simulate
from cutbook.errors import CutbookError, Fault, PublishError

USAGE = 2
_SIGNALLED = 128
_OLDEST_SAFE = {11: 15, 12: 13, 13: 12, 14: 3}
"""By minor version of Python 3: the first patch release without a known vulnerability."""


def _version() -> str:
    try:
        return version("cutbook")
    except PackageNotFoundError:
        return "not installed"


_EXAMPLES = examples(
    "cutbook simulate tofersen --to data/tofersen",
    "cutbook check tofersen C2",
    "cutbook run tofersen C2",
    'eval "$(_CUTBOOK_COMPLETE=bash_source cutbook)"',
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EXAMPLES)
@click.version_option(_version(), prog_name="cutbook")
def commands() -> None:
    """Safety, pharmacokinetic and efficacy reports of a trial, one set a data cut.

    Exit codes: 0 done, 2 usage or parameter, 3 input data, 4 class or role, 5 render, 6 publish,
    7 delivery incomplete or unknown, 75 busy.
    """
    os.umask(0o077)
    warning = old_python_warning(sys.version_info[:3])
    if warning:
        click.echo(warning, err=True)


for _command in (
    new, init, schema, manifest, simulate, check, run, prove, compare, replay, export, explore, send, outbox,
    schedule, ledger,
):  # fmt: skip
    commands.add_command(_command)


def old_python_warning(version_info: tuple[int, int, int]) -> str:
    """Return one line that warns of a Python with known vulnerabilities, or an empty text.

    Parameters
    ----------
    version_info : tuple of int
        Major, minor and patch version.
    """
    major, minor, patch = version_info
    oldest = _OLDEST_SAFE.get(minor, 0)
    if major != 3 or patch >= oldest:
        return ""
    return f"warning: Python {major}.{minor}.{patch} has known vulnerabilities; use {major}.{minor}.{oldest} or later"


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the documented exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    output = patient_stdout()
    code = _exit_code(arguments)
    sys.exit(code if output is None else _code_with_output(code, output))


def _code_with_output(code: int, output: PatientOutput) -> int:
    """Return the exit code after all output is written, another one when a success could not be told."""
    sys.stdout.flush()
    if output.failure is None or code:
        return code
    words = output.failure.strerror or type(output.failure).__name__
    fault = Fault(
        "standard output", words.lower(), "room for what is told", "what was asked for is done; see the ledger"
    )
    return tell(PublishError(fault))


def _exit_code(arguments: Sequence[str] | None) -> int:
    try:
        code = commands.main(args=arguments, prog_name="cutbook", standalone_mode=False)
    except CutbookError as error:
        return tell(error)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        click.echo(f"{USAGE} {one_line(error.format_message())}", err=True)
        return USAGE
    except (KeyboardInterrupt, Exception) as error:
        return tell_unforeseen(error)
    return code if isinstance(code, int) else 0


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(_SIGNALLED + number)
