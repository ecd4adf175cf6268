"""Measure the non-compartmental analysis of many profiles against a loop that takes one profile at a time."""

from __future__ import annotations

import argparse
import math
import time
from statistics import median

import numpy as np
import pandas as pd

from cutbook.stats.nca import nca

HOURS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0)
SIZES = (100, 1_000, 10_000)
DOSE = 100.0
CODES = ("CMAX", "TMAX", "LAMZ", "LAMZHL", "R2ADJ", "LAMZNPT", "AUCLST", "AUCIFO", "CLFO", "VZFO")
"""Parameters in which both must agree to 1e-9; the closed form of AUMC loses digits where a step is nearly flat."""


def simulated(number: int) -> pd.DataFrame:
    """Return profiles of 12 samples, absorbed and eliminated with rates of their own, with 10 % noise, seeded."""
    random = np.random.default_rng(20_261_126)
    absorption, elimination = random.uniform(0.8, 2.0, (number, 1)), random.uniform(0.05, 0.2, (number, 1))
    hours = np.asarray(HOURS)
    shape = np.exp(-elimination * hours) - np.exp(-absorption * hours)
    conc = 5 * absorption / (absorption - elimination) * shape * np.exp(random.normal(0, 0.1, (number, len(hours))))
    ids = np.repeat(np.arange(number), len(hours))
    return pd.DataFrame({"id": ids, "time": np.tile(hours, number), "conc": conc.ravel()})


def one_profile(hours: list[float], conc: list[float]) -> dict[str, float]:
    """Return the parameters of one profile, worked out step by step as PKNCA and NonCompart do."""
    peak = max(range(len(conc)), key=conc.__getitem__)
    auc = aumc = 0.0
    for t1, t2, c1, c2 in zip(hours, hours[1:], conc, conc[1:], strict=False):
        if 0 < c2 < c1:
            rate = math.log(c2 / c1)
            auc += (t2 - t1) * (c2 - c1) / rate
            aumc += (t2 - t1) * (c2 * t2 - c1 * t1) / rate - (t2 - t1) ** 2 * (c2 - c1) / rate**2
        else:
            auc += (t2 - t1) * (c1 + c2) / 2
            aumc += (t2 - t1) * (c1 * t1 + c2 * t2) / 2
    lines = [_line(hours[start:], conc[start:]) for start in range(peak + 1, len(conc) - 2)]
    best = max((line[1] for line in lines), default=0.0)
    fits = [line for line in lines if line[0] > 0 and line[1] > best - 1e-4]
    if not fits:
        return {"CMAX": conc[peak], "TMAX": hours[peak], "AUCLST": auc, "AUMCLST": aumc}
    rate, adjusted, points = fits[0]
    total = auc + conc[-1] / rate
    return {
        "CMAX": conc[peak], "TMAX": hours[peak], "LAMZ": rate, "LAMZHL": math.log(2) / rate, "R2ADJ": adjusted,
        "LAMZNPT": points, "AUCLST": auc, "AUCIFO": total, "AUMCLST": aumc, "CLFO": DOSE / total,
        "VZFO": DOSE / total / rate,
    }  # fmt: skip


def _line(hours: list[float], conc: list[float]) -> tuple[float, float, float]:
    """Return rate, adjusted r² and points of the line through samples."""
    number = len(hours)
    logs = [math.log(level) for level in conc]
    middle, level = sum(hours) / number, sum(logs) / number
    xx = sum((hour - middle) ** 2 for hour in hours)
    xy = sum((hour - middle) * (log - level) for hour, log in zip(hours, logs, strict=True))
    yy = sum((log - level) ** 2 for log in logs)
    return -xy / xx, 1 - (1 - xy * xy / (xx * yy)) * (number - 1) / (number - 2), number


def by_loop(conc: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters of all profiles, one after the other."""
    width = len(HOURS)
    hours, levels = conc["time"].tolist(), conc["conc"].tolist()
    rows = [one_profile(hours[at : at + width], levels[at : at + width]) for at in range(0, len(hours), width)]
    return pd.DataFrame(rows, columns=list(CODES))


def by_cutbook(conc: pd.DataFrame) -> pd.DataFrame:
    """Return all parameters of all profiles as the analysis gives them."""
    return nca(conc, pd.DataFrame({"id": conc["id"].unique(), "time": 0.0, "dose": DOSE}))


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    rounds = arguments.parse_args().rounds
    print("profiles  cutbook s   loop s   ratio  CPU ratio")  # noqa: T201 - a benchmark prints
    for size in SIZES:
        conc = simulated(size)
        wide = by_cutbook(conc).pivot_table(index="id", columns="parameter", values="value")[list(CODES)]
        np.testing.assert_allclose(wide, by_loop(conc), rtol=1e-9)
        taken: dict[str, list[tuple[float, float]]] = {"ours": [], "loop": []}
        for _ in range(rounds):
            for name, work in (("ours", by_cutbook), ("loop", by_loop)):
                wall, cpu = time.perf_counter(), time.process_time()
                work(conc)
                taken[name].append((time.perf_counter() - wall, time.process_time() - cpu))
        (ours, ours_cpu), (loop, loop_cpu) = (
            [median(run[part] for run in taken[name]) for part in (0, 1)] for name in ("ours", "loop")
        )
        print(f"{size:8d}  {ours:9.3f}  {loop:7.3f}  {loop / ours:6.1f}  {loop_cpu / ours_cpu:9.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
