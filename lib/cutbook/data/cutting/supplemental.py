"""Records that belong to another record (SUPP--, CO, RELREC): they leave with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cutbook.record_names import text_of

POINTERS = ("USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL")


def follows_parent(frame: pd.DataFrame) -> bool:
    """Return whether the records of a dataset name a parent record by RDOMAIN, IDVAR and IDVARVAL."""
    return set(POINTERS) <= set(frame.columns)


def flag_followers(
    frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], removed: Mapping[str, pd.Index[int]]
) -> pd.DataFrame:
    """Return a flag for each record all of whose parent records are removed by the cut.

    A record that names no IDVAR belongs to the participant's records in the parent dataset as a whole. A record of a
    relation (RELREC) is flagged too when the cut leaves it alone in its relation.

    Parameters
    ----------
    frame : frame
        Records with USUBJID, RDOMAIN, IDVAR, IDVARVAL.
    datasets : mapping of str to frame
        The transfer before the cut.
    removed : mapping of str to index
        Labels of the records that the cut removes, by dataset; must name the parents.

    Returns
    -------
    frame
        Index: labels of the flagged records. VARIABLE, VALUE, REASON (text).
    """
    is_kept = parents_kept(frame, datasets, removed)
    gone = frame[is_kept.eq("no")]
    flags = _flags(gone, "its parent record was removed")
    if "RELID" not in frame:
        return flags
    relation = [frame["USUBJID"].fillna(""), frame["RELID"].fillna("")]
    is_broken = is_kept.eq("no").groupby(relation).transform("any")
    left = is_kept.ne("no").groupby(relation).transform("sum")
    alone = frame[is_broken & is_kept.ne("no") & (left == 1)]
    return pd.concat([flags, _flags(alone, "the record it was related to was removed")]).sort_index()


def flag_waiting_qualifiers(frame: pd.DataFrame, domain: str, waiting: Sequence[str], cutoff: str) -> pd.DataFrame:
    """Return a flag for each qualifier in demographics of a participant not yet randomised.

    It carries no date, and may tell what randomisation brought: a cohort, a population.

    Parameters
    ----------
    frame : frame
        Records with USUBJID, RDOMAIN, IDVAR, IDVARVAL.
    domain : str
        RDOMAIN of demographics.
    waiting : sequence of str
        USUBJID of participants known by the cut-off and not randomised by then.
    cutoff : str
        Cut-off, for the reason.

    Returns
    -------
    frame
        Index: labels of the flagged records. VARIABLE, VALUE, REASON (text).
    """
    rows = frame[frame["RDOMAIN"].eq(domain) & frame["USUBJID"].isin(list(waiting))]
    return _flags(rows, f"undated, and the participant was not randomised by the cut-off {cutoff}")


def flag_unfound(
    frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], removed: Mapping[str, pd.Index[int]]
) -> pd.DataFrame:
    """Return a remark for each record whose parent record the transfer does not hold; as `flag_followers`."""
    is_kept = parents_kept(frame, datasets, removed)
    return _flags(frame[is_kept.eq("unknown")], "its parent record is not in the transfer")


def parents_kept(
    frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], removed: Mapping[str, pd.Index[int]]
) -> pd.Series:
    """Return for each record whether a parent record is kept: ``yes``, ``no``, or ``unknown`` when there is none.

    A record of no participant (a relation between whole datasets) has nothing to follow: ``yes``.
    """
    answer = pd.Series("unknown", index=frame.index, dtype="str")
    pointers = pd.DataFrame({name: text_of(frame[name]).str.strip() for name in POINTERS})
    for (domain, variable), part in pointers.groupby(["RDOMAIN", "IDVAR"]):
        parents = _parents(str(domain), datasets, removed)
        if str(variable) in [*parents.columns, ""]:
            answer.loc[part.index] = _answers(part, parents, str(variable))
    return answer.mask((pointers["USUBJID"] == "") | (pointers["RDOMAIN"] == ""), "yes")


def _parents(domain: str, datasets: Mapping[str, pd.DataFrame], removed: Mapping[str, pd.Index[int]]) -> pd.DataFrame:
    """Return the records of a domain, which may be split over several datasets, with the column KEPT."""
    found = [pd.DataFrame({"USUBJID": pd.Series(dtype="str"), "KEPT": pd.Series(dtype=bool)})]
    for name, frame in datasets.items():
        if "USUBJID" in frame and not follows_parent(frame) and _is_of_domain(name, frame, domain):
            found.append(frame.assign(KEPT=~frame.index.isin(removed[name])))
    return pd.concat(found[1:], ignore_index=True) if found[2:] else found[-1]


def _is_of_domain(name: str, frame: pd.DataFrame, domain: str) -> bool:
    return name == domain.lower() or ("DOMAIN" in frame and bool(frame["DOMAIN"].eq(domain).any()))


def _answers(part: pd.DataFrame, parents: pd.DataFrame, variable: str) -> pd.Series:
    key = ["USUBJID", "VALUE"] if variable else ["USUBJID"]
    sought = pd.DataFrame({"USUBJID": part["USUBJID"], "VALUE": part["IDVARVAL"]})
    known = parents[["USUBJID", "KEPT"]].assign(VALUE=parents[variable] if variable else "")
    if pd.api.types.is_numeric_dtype(known["VALUE"]):
        sought["VALUE"] = pd.to_numeric(sought["VALUE"], errors="coerce")
    answers = known.dropna().groupby(key)["KEPT"].any().map({True: "yes", False: "no"}).rename("ANSWER").reset_index()
    found = sought[key].merge(answers, on=key, how="left")["ANSWER"].astype("str").fillna("unknown")
    return found.set_axis(part.index)


def _flags(records: pd.DataFrame, reason: str) -> pd.DataFrame:
    variable = text_of(records["IDVAR"])
    value = text_of(records["IDVARVAL"]).str.strip().mask(variable == "", text_of(records["USUBJID"]))
    variable = variable.mask(variable == "", "USUBJID")
    return pd.DataFrame({"VARIABLE": variable, "VALUE": value, "REASON": reason}, index=records.index)
