"""The errors of Cutbook, by cause, each with the exit code that the command line documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, said so that the reader can find and mend it.

    Parameters
    ----------
    dataset : str
        Dataset or parameter file, for example ``lb`` or ``parameters/tofersen/C2.yaml``.
    found : str
        What was found.
    expected : str
        What was expected instead.
    remedy : str
        What to do.
    variable : str
        Column or key, empty when the fault concerns the whole dataset.
    row : int or None
        Row in the file as delivered, 1 for the first record; None when no single row is at fault.
    key : str
        Key of the record, for example ``01-701-1015|4``.
    """

    dataset: str
    found: str
    expected: str
    remedy: str
    variable: str = ""
    row: int | None = None
    key: str = ""

    def __str__(self) -> str:
        """Return the fault as one line."""
        place = f"{self.dataset}.{self.variable}" if self.variable else self.dataset
        where = [f"row {self.row}"] if self.row is not None else []
        where += [f"key {self.key}"] if self.key else []
        head = " ".join([place, *where])
        line = f"{head}: found {self.found}; expected {self.expected}; {self.remedy}"
        return " ".join(line.split())


class CutbookError(Exception):
    """Base of every error that Cutbook raises on purpose.

    Attributes
    ----------
    exit_code : int
        Exit code of the command line for this cause.
    faults : tuple of Fault
        Everything found wrong, never empty.
    """

    exit_code = 1

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ParameterError(CutbookError):
    """Wrong usage or a wrong parameter; nothing was read."""

    exit_code = 2


class DataError(CutbookError):
    """The transfer cannot be used as it is."""

    exit_code = 3


class BlindingError(CutbookError):
    """The class of the run or the role of a reader forbids it."""

    exit_code = 4


class RenderError(CutbookError):
    """A report could not be rendered, or did not pass its checks."""

    exit_code = 5


class PublishError(CutbookError):
    """A finished report could not be put in its place."""

    exit_code = 6


class DeliveryError(CutbookError):
    """A mail was not accepted by the server, or it is not known whether it was."""

    exit_code = 7


class BusyError(CutbookError):
    """Another run of the same cut, or another sender, is at work."""

    exit_code = 75
