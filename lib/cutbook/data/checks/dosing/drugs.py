"""The study drug: which records of EX tell a dose, and which of them are of the drug that the study file names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from cutbook.data.checks.records import ON_FIRST_LINES, Issue, key_at, kind_issue
from cutbook.data.wording import first_few, quoted, row_list
from cutbook.dates import earliest
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.parameters.study.treatment import Treatment
from cutbook.record_names import text_of
from cutbook.records import meets

_PLACEBO = "PLACEBO|SHAM|VEHICLE|DUMMY"
_EITHER = r"(?:\bOR\b|/) *PLACEBO|PLACEBO *(?:\bOR\b|/)"
_KEY = "treatment.drugs of the study file"


def is_dose(ex: pd.DataFrame) -> pd.Series:
    """Return True for each record of EX that tells a dose.

    Notes
    -----
    Rules, the first that applies: it says that it did not occur → no; dose 0 of a drug of which the participant had
    other doses → no, it was omitted; a dose or a date of its start → yes; otherwise no.
    """
    is_zero = meets(ex, {"EXDOSE": ["0"]})
    people = text_of(ex["USUBJID"]) if "USUBJID" in ex else pd.Series("", index=ex.index)
    has_more = people.isin(people[_is_stated(ex, "EXDOSE") & ~is_zero])
    is_omitted = is_zero & has_more & ~is_placebo(ex) & _is_stated(ex, "EXTRT")
    is_off = meets(ex, {"EXOCCUR": ["N"]}) | meets(ex, {"EXSTAT": ["NOT DONE"]})
    return ~is_off & ~is_omitted & (_is_stated(ex, "EXDOSE") | _is_stated(ex, "EXSTDTC"))


def first_dose_days(ex: pd.DataFrame) -> pd.Series:
    """Return the day of the first dose of any drug by participant; empty without participants or dates of doses."""
    if not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return pd.Series(dtype="datetime64[s]")
    given = ex[is_dose(ex)]
    days: pd.Series = earliest(text_of(given["EXSTDTC"])).dt.floor("D").groupby(given["USUBJID"]).min()
    return days


def is_placebo(ex: pd.DataFrame) -> pd.Series:
    """Return True for each record of EX whose treatment is named as a placebo, and not as the drug or its placebo."""
    named = _names(ex)
    return named.str.contains(_PLACEBO) & ~named.str.contains(_EITHER)


def study_drug(ex: pd.DataFrame, treatment: Treatment) -> pd.Series:
    """Return True for each record of EX that is of the study drug, or of its placebo.

    Notes
    -----
    Rules, the first that applies: no treatment is named → yes; it is a drug that is left out, or named after one → no;
    otherwise yes. Drugs are left out when ``treatment.drugs`` names others, or, where that is not stated and doses of
    several drugs other than a placebo are recorded, when only others are named after the compound.
    """
    named = _names(ex)
    others = drugs_left_out(ex, treatment)
    is_other = pd.Series(False, index=ex.index)
    for other in others:
        is_other |= named.eq(other) | (is_placebo(ex) & named.str.contains(other, regex=False))
    listed = {_folded(name) for name in treatment.drugs}
    is_other |= _is_placebo_stated(listed) & is_placebo(ex) & ~named.isin(listed)
    return ~is_other


def drugs_left_out(ex: pd.DataFrame, treatment: Treatment) -> list[str]:
    """Return the names (capitals) of drugs other than placebo of which doses are recorded and not counted."""
    drugs = _drugs(ex)
    if treatment.drugs:
        listed = {_folded(name) for name in treatment.drugs}
        return [name for name in drugs if name not in listed]
    compound = _folded(treatment.compound)
    others = [name for name in drugs if compound not in name]
    return others if len(drugs) > 1 and len(others) < len(drugs) else []


def with_drugs(study: Study, ex: pd.DataFrame) -> Study:
    """Return the study with the drugs that all records of EX leave to count, so that no part of them decides anew."""
    others = drugs_left_out(ex, study.treatment)
    if study.treatment.drugs or not others:
        return study
    names = _names(ex).drop_duplicates()
    drugs = [name for name in names if name and name not in others and not any(other in name for other in others)]
    return study.model_copy(update={"treatment": study.treatment.model_copy(update={"drugs": drugs})})


def drug_faults(ex: pd.DataFrame, treatment: Treatment) -> list[Fault]:
    """Return a fault when the study drug among several drugs cannot be told, or none is the one that is named."""
    drugs, left_out = _drugs(ex), drugs_left_out(ex, treatment)
    if treatment.drugs:
        if drugs and len(left_out) == len(drugs):
            found = f"doses of {_listed(drugs)} only"
            return [_fault(ex, found, f"{' or '.join(treatment.drugs)}, as {_KEY} names", "mend treatment.drugs")]
        return []
    given = ex[is_dose(ex)]
    without = given.loc[~given["USUBJID"].isin(given.loc[study_drug(given, treatment), "USUBJID"]), "USUBJID"]
    if len(drugs) > 1 and (not left_out or without.any()):
        people = (
            f", of which {first_few(without.drop_duplicates())} had no other than those left out" if left_out else ""
        )
        remedy = "list the values of EXTRT that are the study drug under treatment.drugs of the study file"
        return [_fault(ex, f"doses of {_listed(drugs)}{people}", "one drug besides placebo, or a choice", remedy)]
    return []


def drug_issues(ex: pd.DataFrame, treatment: Treatment) -> Iterator[Issue]:
    """Return an issue about the doses of drugs that are left out, and one about doses of which no drug is named."""
    others = drugs_left_out(ex, treatment)
    chosen = f"{_KEY} names {' and '.join(treatment.drugs)}" if treatment.drugs else f"the drug is {treatment.compound}"
    words = (f"Another drug in EX, {_listed(others)}", f"left out of all doses, because {chosen}")
    yield from kind_issue(("ex", "EXTRT"), ex, is_dose(ex) & ~study_drug(ex, treatment), words, ON_FIRST_LINES)
    if "EXTRT" in ex:
        words = ("Dose of which no treatment is named", f"counted as {treatment.compound}")
        yield from kind_issue(("ex", "EXTRT"), ex, is_dose(ex) & _names(ex).eq(""), words, ON_FIRST_LINES)


def _drugs(ex: pd.DataFrame) -> list[str]:
    """Return the names (capitals) of what is dosed, other than placebo, in the order of the records."""
    names = _names(ex)[is_dose(ex) & ~is_placebo(ex)]
    return [name for name in names.drop_duplicates() if name]


def _names(ex: pd.DataFrame) -> pd.Series:
    names: pd.Series = text_of(ex["EXTRT"]) if "EXTRT" in ex else pd.Series("", index=ex.index, dtype="str")
    return names.str.upper().str.replace(r"\s+", " ", regex=True).str.strip()


def _folded(name: str) -> str:
    return " ".join(name.split()).upper()


def _is_placebo_stated(listed: set[str]) -> bool:
    return bool(pd.Series(sorted(listed), dtype="str").str.contains(_PLACEBO).any())


def _listed(names: Sequence[str]) -> str:
    return first_few(quoted(name) for name in names)


def _fault(ex: pd.DataFrame, found: str, expected: str, remedy: str) -> Fault:
    rows = (is_dose(ex) & ~is_placebo(ex)).to_numpy().nonzero()[0]
    row = int(rows[0])
    return Fault(
        "ex", f"{found}, the first in {row_list(row + 1)}", expected, remedy, "EXTRT", row + 1, key_at("ex", ex, row)
    )


def _is_stated(frame: pd.DataFrame, variable: str) -> pd.Series:
    stated: pd.Series = text_of(frame[variable]).ne("") if variable in frame else pd.Series(False, index=frame.index)
    return stated
