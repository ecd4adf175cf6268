"""How much was given: doses in the unit of the study file, converted where the conversion is known."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose, is_placebo, study_drug
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, key_at, kind_issue
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study.treatment import Treatment
from cutbook.record_names import text_of
from cutbook.records import same_unit
from cutbook.standards.conversion import converted


def doses_in_unit(ex: pd.DataFrame, unit: str) -> pd.Series:
    """Return the dose of each record of EX in the study's unit; missing where it has none or no conversion is known.

    A dose without a unit is in the study's. Nothing is 0 in every unit, and so much a placebo holds of the drug,
    whatever amount of it was recorded.
    """
    dose = _doses(ex)
    known = converted(dose, _units(ex), unit)
    return known.mask(dose.eq(0) | (dose.notna() & is_placebo(ex)), 0.0)


def dose_faults(ex: pd.DataFrame, treatment: Treatment) -> list[Fault]:
    """Return a fault for each unit of doses that cannot be converted into the study's, and one for doses below 0."""
    is_counted = is_dose(ex) & study_drug(ex, treatment)
    dose, unit = doses_in_unit(ex, treatment.dose_unit), _units(ex)
    is_unknown, is_negative = is_counted & dose.isna() & _doses(ex).notna(), is_counted & _doses(ex).lt(0)
    faults = [_fault(ex, is_unknown & unit.eq(one), one, treatment) for one in unit[is_unknown].drop_duplicates()]
    return [*faults, *([_negative(ex, is_negative)] if is_negative.any() else [])]


def dose_issues(ex: pd.DataFrame, treatment: Treatment) -> Iterator[Issue]:
    """Return an issue for each other unit that was converted, and for doses without a unit among others or an amount.

    One more for doses of placebo above 0, which are none of the drug.
    """
    is_own = is_dose(ex) & study_drug(ex, treatment)
    is_counted = is_own & _doses(ex).gt(0) & ~is_placebo(ex)
    unit, own = _units(ex), treatment.dose_unit
    is_other = is_counted & unit.ne("") & same_unit(unit).ne(same_unit(pd.Series([own])).iloc[0])
    for one in unit[is_other].drop_duplicates():
        words = (f"Dose in {one} instead of {own}", f"converted to {own}")
        yield from kind_issue(("ex", "EXDOSU"), ex, is_other & unit.eq(one), words)
    if unit[is_counted].ne("").any():
        words = ("Dose without a unit", f"counted as {own}")
        yield from kind_issue(("ex", "EXDOSU"), ex, is_counted & unit.eq(""), words)
    if "EXDOSE" in ex:
        words = ("Dose without an amount", "the total dose of the participant is not known")
        yield from kind_issue(("ex", "EXDOSE"), ex, is_own & _doses(ex).isna(), words, ON_FIRST_LINES)
        words = ("Placebo with a dose above 0", f"counted as 0 {own} of the drug")
        yield from kind_issue(("ex", "EXDOSE"), ex, is_own & is_placebo(ex) & _doses(ex).gt(0), words, ON_FIRST_LINES)


def _units(ex: pd.DataFrame) -> pd.Series:
    units: pd.Series = text_of(ex["EXDOSU"]) if "EXDOSU" in ex else pd.Series("", index=ex.index, dtype="str")
    return units.str.strip()


def _doses(ex: pd.DataFrame) -> pd.Series:
    stated = ex["EXDOSE"] if "EXDOSE" in ex else pd.Series(float("nan"), index=ex.index)
    doses: pd.Series = pd.to_numeric(stated, errors="coerce").astype("float64")
    return doses


def _fault(ex: pd.DataFrame, is_odd: pd.Series, unit: str, treatment: Treatment) -> Fault:
    rows = is_odd.to_numpy().nonzero()[0]
    return Fault(
        "ex",
        found=f"doses in {quoted(unit)} in {row_list(rows + 1)}",
        expected=f"{treatment.dose_unit}, the treatment.dose_unit of the study file, or a unit that can be converted",
        remedy="convert them at the source, or mend treatment.dose_unit",
        variable="EXDOSU",
        row=int(rows[0]) + 1,
        key=key_at("ex", ex, int(rows[0])),
    )


def _negative(ex: pd.DataFrame, is_odd: pd.Series) -> Fault:
    rows = is_odd.to_numpy().nonzero()[0]
    first = int(rows[0])
    return Fault(
        "ex",
        found=f"doses below 0 in {row_list(rows + 1)}",
        expected="amounts of at least 0",
        remedy="correct it at the source and have the transfer sent again",
        variable="EXDOSE",
        row=first + 1,
        key=key_at("ex", ex, first),
    )
