"""What was known at a cut-off: who had entered, what dates each dataset, and what is set back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from cutbook.drafting.decision import Decision, Value
from cutbook.drafting.evidence import ENOUGH, HALF, Evidence, column, counted, tally
from cutbook.drafting.rules.arms import find_arms
from cutbook.parameters.study.data_cut import standard_rule

_ENTERED = ("RANDOMIZED", "RANDOMISED", "RANDOMIZATION", "RANDOMISATION", "ENROLLED", "ENROLMENT", "ENROLLMENT")
_FAILED = ("SCREEN FAILURE", "SCREEN FAILED", "SCREENING FAILURE")
_OPEN_OUTCOME = "NOT RECOVERED/NOT RESOLVED"
_AT_THE_END = re.compile(r"COMP|ITT|SAF|EFF|PPROT|FAS|ENDP|DISC|RESP|DTH|(FL$)")
"""Names of qualifiers that tell what is known when a study ends: completers, populations, end points."""


def decide_data_cut(evidence: Evidence) -> Iterator[Decision]:
    """Yield the section ``data_cut``."""
    yield from _entry(evidence)
    yield from _rules(evidence)
    yield from _roll_back(evidence)
    yield from _qualifiers(evidence)


def _entry(evidence: Evidence) -> Iterator[Decision]:
    key, rule = "data_cut.included", "DS RANDOMIZED or ENROLLED, else RFSTDTC of DM"
    decoded = evidence.text("ds", "DSDECOD")
    found = {name: int(decoded.str.upper().eq(name).sum()) for name in _ENTERED}
    best = max(found, key=lambda name: found[name])
    in_arms = sum(arm.participants for arm in find_arms(evidence)[0])
    if found[best] and found[best] >= HALF * in_arms and evidence.has("ds", "DSSTDTC"):
        said = next(iter(tally(decoded[decoded.str.upper().eq(best)])))
        where: dict[str, Value] = {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": said}}
        yield Decision(key, where, rule, f"{found[best]} records of DS; {in_arms} participants in an arm")
    else:
        variables = [name for name in ("RFSTDTC", "RFXSTDTC") if evidence.has("dm", name)]
        if variables:
            dated = int(evidence.text("dm", variables[0]).ne("").sum())
            asked = f"Does {variables[0]} of DM date the entry? No record of DS does."
            where = {"dataset": "dm", "date": variables[0]}
            yield Decision(key, where, rule, f"{dated} of {in_arms} in an arm have it", "likely", asked)
        else:
            where = {"dataset": "ex", "date": "EXSTDTC"}
            yield Decision(
                key, where, rule, "neither DS nor DM dates it", "guess", "Does the first dose date the entry?"
            )
    yield from _screening(evidence)


def _screening(evidence: Evidence) -> Iterator[Decision]:
    dated = [name for name in ("RFICDTC", "DMDTC") if evidence.filled("dm", name) > ENOUGH]
    rule = "the first of RFICDTC and DMDTC that nine in ten have"
    if not dated:
        yield Decision("data_cut.screened", None, rule, "neither is filled: those screened are not shown", "likely")
        return
    share = f"{evidence.filled('dm', dated[0]):.0%} have it"
    yield Decision("data_cut.screened", {"dataset": "dm", "date": dated[0]}, rule, share)
    key, rule = "data_cut.screen_failed", "DS SCREEN FAILURE, else the codes of DM at the day of consent"
    decoded = evidence.text("ds", "DSDECOD").str.upper()
    said = [name for name in _FAILED if decoded.eq(name).any()]
    failures = find_arms(evidence)[1]
    if said and evidence.has("ds", "DSSTDTC"):
        where: dict[str, Value] = {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": said[0]}}
        yield Decision(key, where, rule, f"{int(decoded.eq(said[0]).sum())} records of DS")
    elif failures:
        variable = "ARMCD" if evidence.text("dm", "ARMCD").isin(list(failures)).any() else "ACTARMCD"
        where = {"dataset": "dm", "date": dated[0], "where": {variable: list(failures)}}
        found = f"{counted(failures)}; dated at consent, which is too early"
        yield Decision(key, where, rule, found, "likely")


def _rules(evidence: Evidence) -> Iterator[Decision]:
    """Yield how each dataset is cut of which the standard's date was not delivered or is mostly blank."""
    rule = "the first of --STDTC and --DTC that half of the records have"
    for dataset in sorted(evidence.datasets):
        standard = standard_rule(dataset)
        if standard is None or standard.rule != "date" or not len(evidence.frame(dataset)):
            continue
        letters = dataset.upper()
        filled = evidence.filled(dataset, standard.date[0])
        if filled >= HALF:
            continue
        choices = ["PPRFTDTC", "PPRFDTC", "PPDTC"] if dataset == "pp" else [f"{letters}STDTC", f"{letters}DTC"]
        better = [name for name in choices if evidence.filled(dataset, name) >= HALF]
        key, found = f"data_cut.rules.{dataset}", f"{standard.date[0]} is filled in {filled:.0%}"
        if better:
            yield Decision(key, better[0], rule, f"{found}, {better[0]} in {evidence.filled(dataset, better[0]):.0%}")
        else:
            asked = f"When is a record of {letters} known? It has no date; as it is, at every cut-off."
            yield Decision(key, "participant", rule, f"{found}, and no other date is", "guess", asked)


def _roll_back(evidence: Evidence) -> Iterator[Decision]:
    rule = "every end that may lie after the cut-off, with what depends on it"
    for variable in ("RFENDTC", "RFXENDTC", "RFPENDTC"):
        if variable in evidence.frame("dm"):
            value = {"dataset": "dm", "date": variable, "reset": {variable: ""}}
            yield Decision(f"data_cut.roll_back.{variable}", value, rule, "a day that may lie ahead")
    if "DTHDTC" in evidence.frame("dm") and {"AEOUT", "AEENDTC"} <= set(evidence.frame("ae").columns):
        value = {
            "dataset": "ae", "date": "DTHDTC", "date_from": "dm", "where": {"AEOUT": "FATAL"},
            "reset": _reset(evidence, "ae"),
        }  # fmt: skip
        yield Decision("data_cut.roll_back.DTHDTC", value, rule, "the outcome of an event tells a death")
    for dataset in sorted(evidence.datasets):
        ends = f"{dataset.upper()}ENDTC"
        if dataset != "dm" and ends in evidence.frame(dataset) and standard_rule(dataset):
            value = {"dataset": dataset, "date": ends, "reset": _reset(evidence, dataset)}
            filled = int(evidence.text(dataset, ends).ne("").sum())
            yield Decision(f"data_cut.roll_back.{ends}", value, rule, f"{filled:,} records have an end")


def _reset(evidence: Evidence, dataset: str) -> dict[str, str]:
    """Return what the variables of a record get whose end lies after the cut-off, of those that were delivered."""
    letters, frame = dataset.upper(), evidence.frame(dataset)
    end = "{cutoff}" if dataset == "ex" and _has_bare_periods(frame) else ""
    wanted = {f"{letters}ENDTC": end, f"{letters}ENDY": "", f"{letters}DUR": ""}
    if dataset == "ae":
        wanted |= {"AEOUT": _OPEN_OUTCOME, "AESDTH": "N"}
    if dataset in ("ae", "cm", "mh"):
        ongoing = tally(_capitals(frame, f"{letters}ENRTPT"))
        if "ONGOING" in ongoing:
            wanted |= {f"{letters}ENRTPT": "ONGOING"}
    return {name: value for name, value in wanted.items() if name in frame}


def _capitals(frame: pd.DataFrame, variable: str) -> pd.Series:
    return column(frame, variable).str.upper()


def _has_bare_periods(ex: pd.DataFrame) -> bool:
    """Return whether periods of EX come without a frequency, so that a blank end would make them single doses."""
    if not {"EXSTDTC", "EXENDTC"} <= set(ex.columns):
        return False
    start, end = _capitals(ex, "EXSTDTC").str[:10], _capitals(ex, "EXENDTC").str[:10]
    is_period = end.ne("") & end.ne(start)
    return bool(is_period.any()) and not _capitals(ex, "EXDOSFRQ")[is_period].ne("").any()


def _qualifiers(evidence: Evidence) -> Iterator[Decision]:
    """Yield which qualifiers tell what is known at extraction only."""
    rule = "qualifiers whose names speak of completers, populations or end points"
    for dataset in sorted(name for name in evidence.datasets if name.startswith("supp")):
        names = tally(evidence.text(dataset, "QNAM"))
        late = [name for name in names if _AT_THE_END.search(name)]
        kept = [name for name in names if name not in late]
        if not names:
            continue
        if not late and dataset != "suppdm":
            continue
        asked = (
            f"Which qualifiers of {dataset.upper()} are known only at the end? "
            f"Removed: {', '.join(late) or 'none'}; kept: {', '.join(kept) or 'none'}."
        )
        yield Decision(f"data_cut.undated_qualifiers.{dataset}", late or None, rule, counted(names), "guess", asked)
