"""Whatever is done to a code, a number that moves with it is told: on the first lines of pages, or by a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case
from cutbook.catalogue import displays_of
from cutbook.data.checks.records import ON_FIRST_LINES
from cutbook.results.engine import compute_all

CODES = {
    "ae": ("AESER", "AESEV", "AEREL", "AEACN", "AEOUT", "AESDTH", "AESHOSP", "AESLIFE"),
    "dm": ("DTHFL", "SEX", "ARMCD", "ACTARMCD", "AGEU"),
    "ds": ("DSDECOD", "DSCAT"),
    "ex": ("EXTRT", "EXDOSU", "EXDOSFRQ", "EXOCCUR", "EXSTAT"),
    "lb": ("LBTESTCD", "LBCAT", "LBSTRESU", "LBBLFL", "LBSTAT", "LBSPEC"),
    "pc": ("PCTESTCD", "PCSPEC", "PCSTRESU", "PCSTAT", "PCSTRESC"),
    "vs": ("VSTESTCD", "VSSTRESU", "VSSTAT"),
    "suppae": ("QNAM", "QVAL", "IDVAR"),
}
LATIN, CYRILLIC = "ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху"
FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
CHANGES = {
    "blank around": lambda text: f" {text}\N{NO-BREAK SPACE}\t",
    "blank inside": lambda text: f"{text[:1]} {text[1:]}",
    "hidden inside": lambda text: f"{text[:1]}\N{ZERO WIDTH SPACE}{text[1:]}",
    "soft hyphen inside": lambda text: f"{text[:1]}\N{SOFT HYPHEN}{text[1:]}",
    "direction around": lambda text: f"\N{RIGHT-TO-LEFT OVERRIDE}{text}\N{POP DIRECTIONAL FORMATTING}",
    "accent behind": lambda text: f"{text}\N{COMBINING ACUTE ACCENT}",
    "capitals": lambda text: text.swapcase(),
    "look-alike": lambda text: text.translate(str.maketrans(LATIN, CYRILLIC)),
    "full width": lambda text: text.translate(str.maketrans(FULL_WIDTH)),
    "unknown": lambda _: "ZZZ",
    "another word": lambda _: "Yes",
    "empty": lambda _: None,
}
MATRIX = {"specimen": "PLASMA", "testcd": "ZETA", "label": "Plasma", "unit": "ng/mL", "profile_visits": [2]}


def known(shared: Path) -> CaseStudy:
    """Return the case with concentrations, one serious and one fatal event, and every variable of a code."""
    sources = {"required": ["dm", "ds", "ex", "ae", "lb", "vs"], "optional": ["suppae", "eg", "pc"]}
    changes = {"sources": sources, "pharmacokinetics": {"matrices": [MATRIX]}}
    case = read_case(shared / "cases", "below-limit-in-words", reports=["safety", "pharmacokinetics"], **changes)
    ae = case.datasets["ae"]
    return case.with_columns(
        "ae",
        AESER=ae["AESER"].mask(ae.index.isin([2, 5]), "Y"),
        AEOUT=ae["AEOUT"].mask(ae.index == 5, "FATAL"),
        AEACN=ae["AEACN"].mask(ae.index == 4, "DRUG WITHDRAWN"),
        AESDTH=pd.Series("N", index=ae.index, dtype="str").mask(ae.index == 5, "Y"),
    )


def coded(shared: Path) -> CaseStudy:
    """Return the case with the flags and statuses that a sound transfer has, and hospitalisation for one event."""
    case = known(shared)
    ae, ex, lb, vs, pc = (case.datasets[name] for name in ("ae", "ex", "lb", "vs", "pc"))
    criteria = {
        name: pd.Series("N", index=ae.index, dtype="str").mask(ae.index == 2, "Y") for name in ("AESHOSP", "AESLIFE")
    }
    first = pd.Series(None, index=lb.index, dtype="str").mask(lb["VISITNUM"].eq(1), "Y")
    done = {name: pd.Series(None, index=one.index, dtype="str") for name, one in (("EXSTAT", ex), ("VSSTAT", vs))}
    done |= {name: pd.Series(None, index=one.index, dtype="str") for name, one in (("LBSTAT", lb), ("PCSTAT", pc))}
    case = case.with_columns("ae", **criteria)
    case = case.with_columns("ex", EXOCCUR="Y", EXSTAT=done["EXSTAT"])
    case = case.with_columns("lb", LBBLFL=first, LBSTAT=done["LBSTAT"], LBSPEC="SERUM")
    case = case.with_columns("vs", VSSTAT=done["VSSTAT"])
    return case.with_columns("pc", PCSTAT=done["PCSTAT"])


def numbers(case: CaseStudy) -> pd.Series:
    """Return every number of both reports, but those of the data themselves, by its place."""
    displays = {one.key: one for name in ("safety", "pharmacokinetics") for one in displays_of(name)}
    results = compute_all([one for key, one in displays.items() if key[0] not in "AI"], case.frames, case.study)
    return results.set_index(PLACE)["value"].round(9).sort_index()


PLACE = ["display", "population", "parameter", "variable", "level", "visit", "group", "statistic"]


def spoilt(case: CaseStudy, dataset: str, variable: str, rows: list[int], change: str) -> CaseStudy:
    """Return the case with a code of some records changed, as a reader hands it on."""
    values = case.datasets[dataset][variable].astype("object")
    values = values.where(values.notna(), "")
    for row in rows:
        values.iloc[row] = CHANGES[change](str(values.iloc[row]))
    texts = pd.Series([text.strip(" \N{NO-BREAK SPACE}\t") if text else None for text in values], dtype="str")
    return case.with_columns(dataset, **{variable: texts.set_axis(values.index)})


def untold(base: CaseStudy, before: pd.Series, dataset: str, changed: CaseStudy) -> list[str]:
    """Return what moved although nothing says so; nothing where it is told, or where nothing moved."""
    if changed.faults:
        return []
    issues = changed.issues
    heavy = issues[issues["WEIGHT"].le(ON_FIRST_LINES) & issues["DATASET"].eq(dataset)]
    if not set(heavy["FINDING"]) <= set(base.findings):
        return []
    after = numbers(changed)
    both = pd.concat({"before": before, "after": after}, axis="columns")
    moved = both[both["before"].fillna(-1).ne(both["after"].fillna(-1))]
    return [f"{place[0]} {place[3]} {place[4]}: {row['before']} -> {row['after']}" for place, row in moved.iterrows()]


def attempts(case: CaseStudy, seed: int) -> Iterator[tuple[str, str, list[int], str]]:
    """Yield changes without an end: dataset, variable, rows, kind of change."""
    choose = random.Random(seed)  # noqa: S311 - for tests
    names = [(one, name) for one, all_of in CODES.items() for name in all_of if name in case.datasets.get(one, ())]
    while True:
        dataset, variable = choose.choice(names)
        stated = case.datasets[dataset][variable]
        value = choose.choice(sorted(stated.dropna().unique()) or [""])
        rows = [at for at, one in enumerate(stated.fillna("")) if one == value]
        yield (
            dataset,
            variable,
            sorted(choose.sample(rows, min(len(rows), choose.choice((1, 1, 3))))),
            choose.choice(list(CHANGES)),
        )


@cache
def base(shared: Path) -> tuple[CaseStudy, pd.Series]:
    case = coded(shared)
    assert case.faults == []
    return case, numbers(case)


def check(shared: Path, seed: int, number: int) -> list[str]:
    case, before = base(shared)
    silent = []
    for _, (dataset, variable, rows, change) in zip(range(number), attempts(case, seed), strict=False):
        found = untold(case, before, dataset, spoilt(case, dataset, variable, rows, change))
        if found:
            silent.append(f"{variable} of rows {rows}, {change}: {'; '.join(found[:2])} and {len(found)} in all")
    return silent


def test_a_changed_code_that_moves_a_number_is_told(shared: Path) -> None:
    assert check(shared, seed=20211, number=4) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_no_changed_code_moves_a_number_in_silence(shared: Path, seed: int) -> None:
    assert check(shared, seed=seed, number=40) == []
