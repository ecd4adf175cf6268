"""Measure the unstructured MMRM of 200 to 5,000 participants, and its ratio to R's mmrm where that is installed."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from cutbook.stats.mmrm import Mmrm, mmrm

MODEL = "y ~ BASE + RACE + SEX + ARM * VISIT"
METHODS = {"satterthwaite": "Satterthwaite", "kenward_roger": "Kenward-Roger"}
IN_R = """
suppressMessages(library(mmrm))
given <- commandArgs(TRUE)
data <- read.csv(given[1], stringsAsFactors = TRUE)
model <- y ~ BASE + RACE + SEX + ARM * VISIT + us(VISIT | ID)
taken <- system.time(fit <- mmrm(model, data = data, method = given[2]))[["elapsed"]]
cat(taken, format(as.numeric(logLik(fit)), digits = 15))
"""


def drawn(people: int, visits: int = 5, seed: int = 3) -> pd.DataFrame:
    """Return a trial of two arms with a tenth of its values missing."""
    draw = np.random.default_rng(seed)
    lags = np.abs(np.subtract.outer(range(visits), range(visits)))
    number, visit = np.repeat(np.arange(people), visits), np.tile(np.arange(visits), people)
    base = draw.normal(10, 2, people)[number]
    y = draw.multivariate_normal(np.zeros(visits), 0.5**lags, people).ravel() + 0.3 * base + 0.2 * visit
    y[draw.random(len(y)) < 0.1] = np.nan
    return pd.DataFrame({
        "ID": [f"P{one:05d}" for one in number], "VISIT": [f"V{one}" for one in visit], "BASE": base, "y": y,
        "ARM": np.where(number % 2, "A", "B"), "SEX": np.where(number % 3, "F", "M"),
        "RACE": np.array(["a", "b", "c"])[number // 2 % 3],
    })  # fmt: skip


def by_cutbook(data: pd.DataFrame, df: str) -> tuple[float, float]:
    """Return seconds and log-likelihood of one fit.

    Raises
    ------
    RuntimeError
        There is no fit.
    """
    start = time.perf_counter()
    found = mmrm(data, MODEL, subject="ID", visit="VISIT", df=df)
    taken = time.perf_counter() - start
    if not isinstance(found, Mmrm):
        raise RuntimeError(found.reason)
    return taken, found.log_likelihood


def by_r(file: Path, df: str) -> tuple[float, float]:
    """Return seconds and log-likelihood of one fit by R's mmrm, without the start of R and the reading of data."""
    command = [str(shutil.which("Rscript")), "-e", IN_R, str(file), METHODS[df]]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - written in this file
    taken, likelihood = out.split()
    return float(taken), float(likelihood)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=7)
    rounds = arguments.parse_args().rounds
    has_r = shutil.which("Rscript") is not None
    print("people  method               ms    R ms  R / ours  difference of log-likelihoods")  # noqa: T201 - a benchmark prints
    for people in (200, 1000, 5000):
        data = drawn(people)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "data.csv"
            data.to_csv(file, index=False)
            for df in METHODS:
                pairs = [(by_cutbook(data, df), by_r(file, df) if has_r else None) for _ in range(rounds)]
                print(f"{people:6d}  {df:16s} {_told(pairs)}")  # noqa: T201 - as above


def _told(pairs: list[tuple[tuple[float, float], tuple[float, float] | None]]) -> str:
    ours = 1000 * median(one[0] for one, _ in pairs)
    theirs = [other for _, other in pairs if other is not None]
    if not theirs:
        return f"{ours:7.1f}    no R here"
    taken = 1000 * median(other[0] for other in theirs)
    return f"{ours:7.1f} {taken:7.0f} {taken / ours:9.1f}  {pairs[0][0][1] - theirs[0][1]:.1e}"


if __name__ == "__main__":
    main()
