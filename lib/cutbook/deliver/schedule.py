"""The schedule: a systemd timer of the account, or a line of its crontab, that calls one command."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from cutbook.errors import Fault, ParameterError

_SERVICE = """\
[Unit]
Description=Cutbook: reports of {study}, rendered and mailed
Documentation=man:cutbook
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
UMask=0077
NoNewPrivileges=yes
TimeoutStartSec=2h
# Another run at work is no failure: the next one looks again.
SuccessExitStatus=75
"""

_TIMER = """\
[Unit]
Description=Cutbook: look for new transfers of {study}

[Timer]
OnCalendar=*:0/{minutes}
Persistent=yes

[Install]
WantedBy=timers.target
"""


@dataclass(frozen=True)
class Plan:
    """What is scheduled.

    Attributes
    ----------
    study : str
        The study.
    python : Path
        The interpreter that Cutbook is installed for.
    project, outputs : Path
        Absolute folders.
    minutes : int
        How often, in minutes; a divisor of 60.
    """

    study: str
    python: Path
    project: Path
    outputs: Path
    minutes: int = 5

    @property
    def command(self) -> list[str]:
        """Return the one command that every schedule calls.

        The interpreter is told to take no module from the working folder, the account's own folder or ``PYTHONPATH``.
        """
        words = [str(self.python), "-I", "-m", "cutbook", "run", self.study, "--pending", "--send"]
        return [*words, "--project", str(self.project), "--outputs", str(self.outputs)]

    @property
    def unit(self) -> str:
        """Return the name of the units, without their ending."""
        return f"cutbook-{self.study}"


def systemd_units(plan: Plan) -> dict[str, str]:
    """Return the text of service and timer by file name.

    Raises
    ------
    ParameterError
        A path cannot be written into a unit, or the interval is no divisor of an hour.
    """
    _check(plan)
    command = " ".join(_systemd_word(word) for word in plan.command)
    folder = str(plan.project).replace("%", "%%")
    return {
        f"{plan.unit}.service": _SERVICE.format(study=plan.study, folder=folder, command=command),
        f"{plan.unit}.timer": _TIMER.format(study=plan.study, minutes=plan.minutes),
    }


def crontab_line(plan: Plan) -> str:
    """Return the line of a crontab, with the mark that it is found by.

    Raises
    ------
    ParameterError
        A path cannot be written into a crontab, or the interval is no divisor of an hour.
    """
    _check(plan)
    command = shlex.join(plan.command).replace("%", r"\%")
    folder = shlex.quote(str(plan.project)).replace("%", r"\%")
    return f"*/{plan.minutes} * * * * cd {folder} && {command} {_mark(plan.study)}"


def with_line(crontab: str, plan: Plan) -> str:
    """Return a crontab with the line of a plan, once, at its end."""
    return f"{without_line(crontab, plan.study)}{crontab_line(plan)}\n"


def without_line(crontab: str, study: str) -> str:
    """Return a crontab without the line of a study; all others stay as they are."""
    return "".join(line for line in crontab.splitlines(keepends=True) if not line.rstrip().endswith(_mark(study)))


def _mark(study: str) -> str:
    return f"# cutbook {study}"


def _systemd_word(word: str) -> str:
    escaped = word.replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != word or " " in word else word


def _check(plan: Plan) -> None:
    faults = [
        Fault("schedule", repr(word), "printable text without quotes and backslashes", "rename the folder")
        for word in plan.command
        if not word.isprintable() or set(word) & set("\"'\\")
    ]
    if plan.minutes < 1 or 60 % plan.minutes:
        faults.append(Fault("schedule", f"every {plan.minutes} minutes", "a divisor of 60", "choose another"))
    if faults:
        raise ParameterError(faults)
