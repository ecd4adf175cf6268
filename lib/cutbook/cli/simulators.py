"""The simulators of virtual trials that are installed beside this package, found by the name of their study."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from cutbook.errors import Fault, ParameterError

Simulator = Callable[..., list[Path]]
"""Writes the transfers of a trial into a folder and returns theirs; its signature says which options it has."""


def has_simulator(study: str) -> bool:
    """Return whether a simulator is installed for a study."""
    return study in list_simulated()


def list_simulated() -> list[str]:
    """Return the studies that a simulator is installed for, sorted."""
    return sorted({point.name for point in entry_points(group="cutbook.simulators")})


def find_simulator(study: str) -> Simulator:
    """Return the simulator of a study.

    Raises
    ------
    ParameterError
        None is installed for it.
    """
    points = {point.name: point for point in entry_points(group="cutbook.simulators")}
    if study not in points:
        known = ", ".join(sorted(points)) or "none is installed"
        raise ParameterError(Fault("study", repr(study), f"one of {known}", "check the name"))
    simulator: Simulator = points[study].load()
    return simulator


def simulate_study(study: str, folder: Path, options: Mapping[str, Any], workers: int) -> list[Path]:
    """Return the folders of the transfers that the simulator of a study writes.

    Parameters
    ----------
    study : str
        Name of the study.
    folder : Path
        Where the transfers go.
    options : mapping
        Keyword arguments of the simulator; those that are None are not given.
    workers : int
        Processes that may work at once; a simulator that has no such option works alone.

    Raises
    ------
    ParameterError
        No simulator is installed for the study, or it has no such option.
    """
    simulator = find_simulator(study)
    taken = inspect.signature(simulator).parameters
    given = {name: value for name, value in options.items() if value is not None}
    known = ", ".join(name for name in options if name in taken) or "none"
    faults = [
        Fault(name, repr(value), f"an option that the simulator of {study} has: {known}", "leave it out")
        for name, value in given.items()
        if name not in taken
    ]
    if faults:
        raise ParameterError(faults)
    if workers > 1 and "workers" in taken:
        given["workers"] = workers
    return simulator(folder, **given)
