"""The same thing said twice: records alike but for their number, and results of one moment that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.contradictions.disposition import is_end_of_study
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.record_names import text_of
from cutbook.records import meets, meets_any, sequence_variable
from cutbook.standards.specimens import fluid_of

_COUNTED = frozenset({"ae", "ex", "pc"})
_WITHOUT_CONTENT = ("supp", "relrec", "co")
_MOMENT = ("TESTCD", "DTC", "TPT", "POS", "CAT", "SPEC", "METHOD", "LOC", "REPNUM")


def repeat_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each dataset with records alike but for their number, then of families."""
    for dataset, frame in datasets.items():
        yield from _alike(dataset, frame)
    families: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for family in families:
        frame, letters = datasets.get(family.dataset, pd.DataFrame()), family.dataset[:2].upper()
        if {"USUBJID", f"{letters}TESTCD", f"{letters}STRESN"} <= set(frame.columns):
            is_shown = meets(frame, family.selects) & frame[f"{letters}STRESN"].notna()
            yield from _apart(family, frame, is_shown)
            yield from _differing(family, frame, is_shown)
    yield from _events(datasets.get("ae", pd.DataFrame()))
    yield from _samples(datasets.get("pc", pd.DataFrame()), study)
    yield from _ends(datasets.get("ds", pd.DataFrame()), study)
    yield from _entries(datasets, study)


def _events(ae: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about records of one event that differ: of one term and start, or one term and identifier."""
    if not {"USUBJID", "AETERM"} <= set(ae.columns):
        return
    term = text_of(ae["AETERM"]).map(looks_like)
    content = [name for name in ae.columns if name not in {"AESEQ", "AESPID"}]
    is_told = ae.duplicated(content) | term.eq("")
    is_odd = pd.Series(False, index=ae.index)
    for name in (name for name in ("AESTDTC", "AESPID") if name in ae):
        event = pd.DataFrame({"USUBJID": ae["USUBJID"], "TERM": term, "BY": text_of(ae[name])})
        own = event[~is_told & event["BY"].ne("")]
        is_odd |= own.duplicated(keep=False).reindex(ae.index, fill_value=False)
    words = ("Several records of one event that differ", "each of them is counted as an event")
    yield from kind_issue(("ae", "AETERM"), ae, is_odd, words, ON_FIRST_LINES)


def _samples(pc: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return an issue about concentrations of one time that differ."""
    matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else ()
    if not {"USUBJID", "PCTESTCD", "PCSPEC", "PCDTC"} <= set(pc.columns):
        return
    is_shown = meets_any(pc, (matrix.selects for matrix in matrices))
    results = pd.Series("", index=pc.index, dtype="str")
    for name in ("PCSTRESN", "PCSTRESC", "PCORRES"):
        results = results.mask(results.eq(""), text_of(pc[name])) if name in pc else results
    is_shown &= results.ne("") & text_of(pc["PCDTC"]).ne("")
    place = ["USUBJID", "PCTESTCD", "PCSPEC", "PCDTC"]
    place += [name for name in ("PCTPTNUM", "PCTPT", "PCMETHOD") if name in pc]
    shown = pc.loc[is_shown, place].assign(_RESULT=results)
    alike = shown.groupby(place, dropna=False)["_RESULT"]
    number = alike.transform("nunique")
    is_odd = pd.Series(pc.index.isin(shown.index[number > 1]), index=pc.index)
    words = ("Concentrations of one time that differ", "each of them is counted, and no profile with them is analysed")
    yield from kind_issue(("pc", "PCDTC"), pc, is_odd, words, ON_FIRST_LINES)
    is_told = pc.duplicated([name for name in pc if name not in {"PCSEQ", "PCSPID"}], keep=False)
    is_twice = number.eq(1) & alike.transform("size").gt(1)
    is_again = is_twice.reindex(pc.index, fill_value=False) & ~is_told
    words = ("One concentration of one time in several records", "each of them is counted")
    yield from kind_issue(("pc", "PCDTC"), pc, is_again, words, ON_FIRST_LINES)


def _ends(ds: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return an issue about participants of whom several ends of the study are told that differ."""
    if not {"USUBJID", "DSDECOD", "DSCAT"} <= set(ds.columns):
        return
    is_end = is_end_of_study(ds, study)
    date = text_of(ds["DSSTDTC"]) if "DSSTDTC" in ds else pd.Series("", index=ds.index, dtype="str")
    told = text_of(ds["DSDECOD"]) + " " + date
    number = told[is_end].groupby(ds["USUBJID"][is_end]).transform("nunique")
    is_odd = pd.Series(ds.index.isin(number.index[number > 1]), index=ds.index)
    words = ("Several ends of the study that differ", "the first by its date counts")
    yield from kind_issue(("ds", "DSDECOD"), ds, is_odd, words, ON_FIRST_LINES)


def _entries(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue about participants with several dates of entry."""
    entry = study.data_cut.included
    frame = datasets.get(entry.dataset, pd.DataFrame())
    if not {"USUBJID", entry.date} <= set(frame.columns) or frame[entry.date].dtype != "str":
        return
    own = frame[meets(frame, entry.where) & frame[entry.date].notna()]
    number = own[entry.date].groupby(own["USUBJID"]).transform("nunique")
    is_odd = pd.Series(frame.index.isin(number.index[number > 1]), index=frame.index)
    words = ("Several dates of entry", "the earliest counts")
    yield from kind_issue((entry.dataset, entry.date), frame, is_odd, words, ON_FIRST_LINES)


def _alike(dataset: str, frame: pd.DataFrame) -> Iterator[Issue]:
    number = sequence_variable(dataset, frame.columns)
    if "USUBJID" not in frame or number is None or dataset.startswith(_WITHOUT_CONTENT):
        return
    # An identifier of the sponsor is no content: an event entered twice has two.
    unlike = {number, f"{dataset[:2].upper()}SPID" if dataset in _COUNTED else number}
    content = [name for name in frame.columns if name not in unlike]
    is_repeated = frame.duplicated(content)
    words = (f"Repeats another record in everything but {number}", "all of them are counted")
    weight = ON_FIRST_LINES if dataset in _COUNTED else IN_LIST
    yield from kind_issue((dataset, number), frame, is_repeated, words, weight)


def _apart(family: Findings | Endpoint, frame: pd.DataFrame, is_shown: pd.Series) -> Iterator[Issue]:
    """Return an issue for each test in several positions, or specimens, none of which is chosen.

    A family shows them apart; an endpoint is one parameter, in which they are together.
    """
    letters = family.dataset[:2].upper()
    code = f"{letters}TESTCD"
    becomes, key = (
        ("kept apart", f"findings.{family.id}")
        if isinstance(family, Findings)
        else ("taken together", f"endpoints.{family.paramcd}")
    )
    for suffix, what, weight in (("POS", "positions", IN_LIST), ("SPEC", "specimens", ON_FIRST_LINES)):
        variable = f"{letters}{suffix}"
        if variable not in frame or variable in family.where:
            continue
        stated = text_of(frame[variable]).str.strip()
        kinds = stated.map(fluid_of) if suffix == "SPEC" else stated
        for test in frame.loc[is_shown, code].drop_duplicates():
            is_own = is_shown & frame[code].eq(test) & stated.ne("")
            if len(set(kinds[is_own])) > 1:
                words = (
                    f"{test} in several {what}, {first_few(stated[is_own].drop_duplicates())}",
                    f"{becomes}, unless {key}.where of the study file chooses one",
                )
                yield from kind_issue((family.dataset, variable), frame, is_own, words, weight)


def _differing(family: Findings | Endpoint, frame: pd.DataFrame, is_shown: pd.Series) -> Iterator[Issue]:
    """Return an issue about results of one moment that differ where no rule of the study file says which counts."""
    if family.replicates is not None:
        return
    letters = family.dataset[:2].upper()
    names = [name for name in (*(f"{letters}{suffix}" for suffix in _MOMENT), "VISITNUM") if name in frame]
    shown = frame[is_shown]
    values = shown.groupby(["USUBJID", *names], dropna=False)[f"{letters}STRESN"].transform("nunique")
    is_odd = pd.Series(frame.index.isin(shown.index[values > 1]), index=frame.index)
    key = f"findings.{family.id}" if isinstance(family, Findings) else f"endpoints.{family.paramcd}"
    consequence = f"the last by its number counts, unless {key}.replicates of the study file says which"
    words = (f"Results of one moment that differ ({family.label})", consequence)
    yield from kind_issue((family.dataset, f"{letters}STRESN"), frame, is_odd, words)
