"""Compound and arms: codes, labels, doses and their order, the control, and how participants come into an arm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose, is_placebo
from cutbook.drafting.decision import Confidence, Decision
from cutbook.drafting.evidence import ENOUGH, HALF, Evidence, amount, column, counted, people, tally
from cutbook.words import capital

_FAILURES = re.compile(
    r"(scrnfail|screen ?fail\w*|notassgn|nottrt|unplan|not (assigned|treated|randomi[sz]ed)|unplanned.*)", re.IGNORECASE
)
_UNIT = r"(mg|µg|μg|ug|mcg|ng|g|iu|ku|u|nmol|mmol|mL)(?:/(?:kg|m2|m²))?"
_AMOUNT = re.compile(rf"(\d+(?:[.,]\d+)?)\s*({_UNIT})\b", re.IGNORECASE)
_BARE = re.compile(r"(cohort|group|arm|treatment|dose level|panel)\s*[\w-]{1,3}", re.IGNORECASE)
_PLACEBO = re.compile(r"placebo|sham|vehicle|\bpbo\b|\bplc\b", re.IGNORECASE)
_RANDOMISED = re.compile(r"randomi[sz](ed|ation)", re.IGNORECASE)
_SAME = 1e-9


@dataclass(frozen=True)
class Arm:
    """An arm as found: its code and names, what its name and EX say of the dose (None: nothing), and who is in it."""

    code: str
    name: str
    participants: int
    named: float | None
    unit: str
    given: float | None
    first: pd.Timestamp
    question: str = ""

    @property
    def dose(self) -> float | None:
        """The dose that the draft gives it."""
        return self.named if self.named is not None else self.given


def decide_treatment(evidence: Evidence) -> Iterator[Decision]:
    """Yield the section ``treatment``."""
    arms, failures = find_arms(evidence)
    compound = _compound(evidence)
    unit = _dose_unit(evidence, arms)
    yield compound
    yield unit
    yield from _drugs(evidence)
    yield _planned_doses(evidence)
    yield _allocation(evidence, arms)
    labels: list[str] = []
    for arm in arms:
        label = _label(arm, str(unit.value), arms)
        labels.append(label if label not in labels else f"{label} ({arm.code})")
        yield from _arm(arm, labels[-1], arms)
    yield from _compared(arms, str(compound.value))
    if failures:
        rule = "codes of those who never came into an arm"
        yield Decision("treatment.not_assigned", list(failures), rule, f"participants: {counted(failures)}")


def decide_actual_arm(evidence: Evidence) -> Decision:
    """Return which of the two arms of DM counts for safety; it changes counts."""
    key, rule = "populations.actual_arm", "ACTARMCD where it is delivered"
    planned, actual = evidence.text("dm", "ARMCD"), evidence.text("dm", "ACTARMCD")
    if not actual.ne("").any():
        return Decision(key, "ARMCD", rule, "ACTARMCD was not delivered")
    differs = int((planned.ne(actual) & planned.ne("") & actual.ne("")).sum())
    if not differs:
        return Decision(key, None, rule, "ARMCD and ACTARMCD are the same for everybody")
    asked = f"Is safety counted in the arm as treated (ACTARMCD) or as assigned (ARMCD)? They differ for {differs}."
    return Decision(key, "ACTARMCD", rule, f"{differs} participants differ", "guess", asked)


def find_arms(evidence: Evidence) -> tuple[list[Arm], dict[str, int]]:
    """Return the arms by dose and first dosing, and the codes of no arm with their numbers of participants."""
    dm = evidence.frame("dm")
    planned, actual = _codes(evidence)
    code = actual.where(actual.ne(""), planned)
    names = _names(evidence)
    counts = tally(pd.concat([planned, code[code.ne(planned)]]))
    failures = {
        name: int(code.eq(name).sum()) for name in counts if _FAILURES.fullmatch(name) or _FAILURES.search(names[name])
    }
    highest, firsts = _highest_doses(evidence), evidence.first_doses
    arms = []
    for name in counts:
        if name not in failures:
            members = column(dm, "USUBJID")[code.eq(name)]
            arms.append(_found(name, names[name], members, highest, firsts))
    arms.sort(key=lambda arm: (np.inf if arm.dose is None else arm.dose, arm.first, arm.code))
    return arms, failures


def _codes(evidence: Evidence) -> tuple[pd.Series, pd.Series]:
    """Return the codes of the planned and the actual arm by record of DM; without codes the name of the planned arm."""
    planned, actual = evidence.text("dm", "ARMCD"), evidence.text("dm", "ACTARMCD")
    if not planned.ne("").any():
        planned = actual if actual.ne("").any() else evidence.text("dm", "ARM")
    return planned, actual


def is_randomised(evidence: Evidence) -> int:
    """Return how many records of DS say that a participant was randomised."""
    return int(evidence.text("ds", "DSDECOD").str.fullmatch(_RANDOMISED.pattern, case=False).sum())


def _names(evidence: Evidence) -> dict[str, str]:
    """Return the name of each arm by its code: ACTARM, where that is empty ARM; the most frequent one."""
    named: dict[str, str] = {}
    for code_variable, name_variable in (("ACTARMCD", "ACTARM"), ("ARMCD", "ARM"), ("ACTARMCD", "ARM")):
        codes, names = evidence.text("dm", code_variable), evidence.text("dm", name_variable)
        for code in tally(codes):
            said = list(tally(names[codes.eq(code)]))
            if said:
                named.setdefault(code, said[0])
    known = tally(pd.concat(_codes(evidence)))
    return {code: named.get(code, code) for code in known}


def _highest_doses(evidence: Evidence) -> pd.Series:
    """Return the highest dose by participant, 0 for whom all treatment was named placebo."""
    ex = evidence.frame("ex")
    if not {"USUBJID", "EXDOSE"} <= set(ex.columns):
        return pd.Series(dtype="float64")
    given = ex[is_dose(ex)]
    doses = evidence.number("ex", "EXDOSE")[given.index].mask(is_placebo(given), 0.0)
    highest: pd.Series = doses.groupby(given["USUBJID"]).max()
    return highest.dropna()


def _found(code: str, name: str, members: pd.Series, highest: pd.Series, firsts: pd.Series) -> Arm:
    amounts = [(float(number.replace(",", ".")), unit) for number, unit, *_ in _AMOUNT.findall(name)]
    is_placebo_named = bool(_PLACEBO.match(name)) or (bool(_PLACEBO.search(f"{name} {code}")) and not amounts)
    named = 0.0 if is_placebo_named else max((number for number, _ in amounts), default=None)
    own = highest.reindex(members.unique()).dropna()
    given = float(own.mode().max()) if len(own) else None
    dates = firsts.reindex(members.unique()).dropna()
    first = dates.min() if len(dates) else pd.Timestamp.max
    question = ""
    if named is not None and given is not None and abs(named - given) > _SAME:
        question = (
            f"Which is the dose of {name!r}: {amount(named)} as its name says, or {amount(given)} as most had in EX?"
        )
    elif len({number for number, _ in amounts}) > 1:
        question = f"Which is the dose of {name!r}? Its name has {len(amounts)} amounts."
    elif named is None and given is None:
        question = f"What is the dose of {name!r}? Neither its name nor EX says it."
    return Arm(code, name, len(members), named, amounts[0][1] if amounts else "", given, first, question)


def _label(arm: Arm, unit: str, arms: list[Arm]) -> str:
    """Return the reader's word for an arm: its name; a bare "Cohort 3" gets its dose, or has it in its place."""
    if arm.dose and _BARE.fullmatch(arm.name):
        shown = f"{amount(arm.dose)} {unit}"
        return f"{arm.name} ({shown})" if [other.dose for other in arms].count(arm.dose) > 1 else shown
    return capital(arm.name.lower()) if arm.name.isupper() and " " in arm.name else arm.name


def _arm(arm: Arm, label: str, arms: list[Arm]) -> Iterator[Decision]:
    key = f"treatment.arms.{arm.code}"
    said = "nothing" if arm.given is None else amount(arm.given)
    found = f"{arm.participants} participants; {arm.name!r}; highest EXDOSE of most {said}"
    yield Decision(key, {"code": arm.code, "label": label}, "codes and names of DM", found)
    rule = "the number in the name, else the mode of each participant's highest EXDOSE; 0 for placebo"
    sureness: Confidence = "guess" if arm.question else "sure" if arm.named == arm.given else "likely"
    if arm.dose is None:
        yield Decision(f"{key}.dose", None, rule, "nothing says it", "unknown", arm.question)
        return
    twins = [other.name for other in arms if other is not arm and other.dose == arm.dose and arm.dose]
    asked = arm.question or (
        f"Has {arm.name!r} the same dose as {twins[0]!r}, {amount(arm.dose)}, rightly?" if twins else ""
    )
    yield Decision(f"{key}.dose", arm.dose, rule, "equal doses stay apart" if twins else "", sureness, asked)


def _compared(arms: list[Arm], compound: str) -> Iterator[Decision]:
    zero = [arm.code for arm in arms if arm.dose == 0]
    active = [arm for arm in arms if arm.dose]
    if len(zero) == 1:
        yield Decision("treatment.control", zero[0], "the one arm of dose 0", f"{len(arms)} arms")
    elif len(zero) > 1:
        asked = f"With which of {', '.join(zero)} are the others compared?"
        yield Decision("treatment.control", zero[0], "the one arm of dose 0", f"{len(zero)} have 0", "guess", asked)
    if len(active) > 1 and zero:
        total = f"{compound} total"
        yield Decision("treatment.total_active", total, "two or more arms with a dose", f"{len(active)} arms")


def _compound(evidence: Evidence) -> Decision:
    key, rule = "treatment.compound", "the EXTRT that is no placebo, measured in PC or most frequent"
    counts = _given_drugs(evidence)
    if counts:
        name = re.sub(r"\s*(\bOR\b|/)\s*PLACEBO|PLACEBO\s*(\bOR\b|/)\s*", "", next(iter(counts)), flags=re.IGNORECASE)
        shown = capital(name.lower()) if name.isalpha() and name.isupper() and len(name) > 4 else name
        return Decision(key, shown, rule, f"records of EX: {counted(counts)}")
    parameters = evidence.text("ts", "TSPARMCD").eq("TRT")
    named = list(tally(evidence.text("ts", "TSVAL")[parameters]))
    asked = "What is the name of the drug?"
    if named:
        return Decision(key, named[0], rule, "TS, parameter TRT; EX names none", "likely", asked)
    return Decision(key, "Study drug", rule, "neither EX nor TS names one", "guess", asked)


def _drugs(evidence: Evidence) -> Iterator[Decision]:
    """Yield which drugs are the study's where EX holds several of which none is in the name of another."""
    counts = _given_drugs(evidence)
    if len({name.upper() for name in counts}) > 1:
        first, others = next(iter(counts)), list(counts)[1:]
        asked = f"Is {first} the study drug alone, or {', '.join(others)} too? Doses of the others are not counted."
        found = f"records of EX: {counted(counts)}"
        rule = "the EXTRT that is measured in PC, else the most frequent"
        yield Decision("treatment.drugs", [first], rule, found, "guess", asked)


def _given_drugs(evidence: Evidence) -> dict[str, int]:
    """Return the drugs of EX that are no placebo with their records: what PC measures before all others."""
    ex = evidence.frame("ex")
    counts = tally(evidence.text("ex", "EXTRT")[~is_placebo(ex)]) if len(ex) else {}
    measured = " ".join([*tally(evidence.text("pc", "PCTESTCD")), *tally(evidence.text("pc", "PCTEST"))]).upper()
    return {name: counts[name] for name in sorted(counts, key=lambda name: name.upper() not in measured)}


def _dose_unit(evidence: Evidence, arms: list[Arm]) -> Decision:
    key, rule = "treatment.dose_unit", "EXDOSU, else the unit in the names of the arms"
    counts = tally(evidence.text("ex", "EXDOSU"))
    if counts:
        several = "EX has doses in several units: which are those of the study file?" if len(counts) > 1 else ""
        sureness: Confidence = "guess" if several else "sure"
        return Decision(key, next(iter(counts)), rule, f"records of EX: {counted(counts)}", sureness, several)
    named = tally(pd.Series([arm.unit for arm in arms], dtype="str"))
    asked = "In which unit are the doses?"
    if named:
        return Decision(key, next(iter(named)), rule, f"names of arms: {counted(named)}", "likely", asked)
    return Decision(key, "mg", rule, "neither says one", "guess", asked)


def _planned_doses(evidence: Evidence) -> Decision:
    key, rule = "treatment.planned_doses", "the mode of records a participant where nearly all are single doses"
    ex = evidence.frame("ex")
    if not {"USUBJID", "EXSTDTC"} <= set(ex.columns) or not len(ex):
        return Decision(key, None, rule, "no dated doses", "likely")
    given = ex[is_dose(ex)]
    start, end = column(given, "EXSTDTC").str[:10], column(given, "EXENDTC").str[:10]
    singles = (end.eq("") | end.eq(start)).mean()
    if singles < ENOUGH:
        return Decision(key, None, rule, f"{1 - singles:.0%} of {len(given):,} records are periods", "likely")
    records = given.groupby("USUBJID").size()
    if not len(records):
        return Decision(key, None, rule, "no doses of anybody", "likely")
    usual = int(records.mode().max())
    share = f"{int(records.eq(usual).sum())} of {len(records)} participants have {usual}"
    return Decision(key, usual, rule, share, "likely" if records.eq(usual).mean() > HALF else "guess")


def _allocation(evidence: Evidence, arms: list[Arm]) -> Decision:
    key, rule = "treatment.allocation", "randomised if DS says so or there is a placebo; else sequential, or single"
    said, zero = is_randomised(evidence), [arm.code for arm in arms if arm.dose == 0]
    if len(arms) == 1:
        return Decision(key, "single", rule, "one arm")
    if said or zero:
        found = f"{said} records of DS" if said else f"arm {zero[0]} has dose 0"
        return Decision(key, "randomised", rule, found, "sure" if said else "likely")
    asked = "Were participants randomised to the arms, or did cohorts follow one another (sequential)?"
    found = f"no record of DS says so, and none of {len(arms)} arms has dose 0; {people(evidence.frame('ex'))} dosed"
    return Decision(key, "sequential", rule, found, "likely", asked)
