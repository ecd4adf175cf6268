"""Results of the adverse-event displays."""

from __future__ import annotations

import pandas as pd

from cutbook.parameters.study import Study
from cutbook.results.counting import count_rows, row_labels, size_rows, treatment_groups
from cutbook.results.table import results_table
from cutbook.stats.incidence import risk_difference

SERIOUSNESS = {
    "AESDTH": "Resulted in death",
    "AESLIFE": "Was life-threatening",
    "AESHOSP": "Required or prolonged hospitalisation",
    "AESDISAB": "Resulted in disability",
    "AESCONG": "Congenital anomaly",
    "AESMIE": "Other medically important event",
}
"""Criteria of seriousness (ICH E2A) by SDTM variable."""

_STOPPED = ("DRUG WITHDRAWN",)
_CHANGED = ("DOSE REDUCED", "DOSE INCREASED", "DRUG INTERRUPTED")

Events = tuple[str, str, pd.DataFrame]
"""Name of a row, its words, and the events that count in it."""


def overview_results(adae: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D4: participants with any treatment-emergent event, by severity, relation, seriousness, action.

    Parameters
    ----------
    adae, adsl : frame
        Derived adverse events and participants.
    study : Study
        Rules of the adverse-event displays.

    Returns
    -------
    results table
        Variable names the row (``TEAE``, ``SEVERE``, ``RELATED``, ``SER``, ``AESDTH``..., ``DISCONT``, ``FATAL``,
        ``DTHFL``); statistics n, N, pct, events; in the group ``<active> − <placebo>`` the risk difference ``rd`` with
        ``rd_low`` and ``rd_high`` in percentage points (Newcombe, 95 %). ``DTHFL`` counts deaths on study whatever
        their cause and date, from ADSL.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    events = adae[adae["SAFFL"].eq("Y") & adae["TRTEMFL"].eq("Y")]
    kinds = [*overview_kinds(events, study), ("DTHFL", "Died on study, any cause", treated[treated["DTHFL"].eq("Y")])]
    parts = []
    for variable, words, chosen in kinds:
        records = chosen[["USUBJID", "KEY"]].assign(variable=variable, level=words)
        parts.append(count_rows(records, row_labels(variable, [words]), groups, has_events=variable != "DTHFL"))
    counted = pd.concat(parts, ignore_index=True)
    differences = _risk_differences(counted, study)
    return results_table(pd.concat([size_rows(groups), counted, differences]).assign(display="D4", population="Safety"))


def overview_kinds(events: pd.DataFrame, study: Study) -> list[Events]:
    """Return the rows of the overview in order, each with the treatment-emergent events it counts."""
    rules = study.adverse_events
    worst = rules.severities[-1]
    kinds: list[Events] = [("TEAE", "Any treatment-emergent event", events)]
    kinds.append(("SEVERE", f"{worst.capitalize()} event", events[events["AESEV"].eq(worst)]))
    kinds.append(("RELATED", "Related to study drug", events[events["AREL"].eq("Y")]))
    kinds += [(flag.qnam, flag.label, events[events[flag.qnam].eq("Y")]) for flag in rules.flags]
    serious = events[events["AESER"].eq("Y")]
    kinds.append(("SER", "Serious event", serious))
    kinds += [
        (variable, words, serious[serious[variable].eq("Y")])
        for variable, words in SERIOUSNESS.items()
        if variable in serious
    ]
    if "AEACN" in events and events["AEACN"].notna().any():
        kinds.append(("DISCONT", "Led to discontinuation of study drug", events[events["AEACN"].isin(_STOPPED)]))
        kinds.append(("CHANGE", "Led to interruption or change of dose", events[events["AEACN"].isin(_CHANGED)]))
    kinds.append(("FATAL", "Treatment-emergent event with fatal outcome", events[events["FATALFL"].eq("Y")]))
    return kinds


def _risk_differences(counted: pd.DataFrame, study: Study) -> pd.DataFrame:
    placebo = [arm.label for arm in study.treatment.arms if arm.dose == 0]
    active = study.treatment.total_active
    if len(placebo) != 1 or not active:
        return pd.DataFrame()
    cells = counted[counted["statistic"].isin(["n", "N"])]
    wide = cells.pivot_table(index=["variable", "level"], columns=["group", "statistic"], values="value", sort=False)
    rows: list[dict[str, object]] = []
    parts = [(group, part) for group in (active, placebo[0]) for part in ("n", "N")]
    for variable, level, *found in wide[parts].reset_index().itertuples(index=False, name=None):
        numbers = [int(number) for number in found]
        if numbers[1] > 0 and numbers[3] > 0:
            place = {"variable": variable, "level": level, "group": f"{active} − {placebo[0]}", "unit": "pp"}
            named = zip(("rd", "rd_low", "rd_high"), risk_difference(*numbers), strict=True)
            rows += [{**place, "statistic": name, "value": 100 * part} for name, part in named]
    return pd.DataFrame(rows)


def window_results(adae: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D4S: how the overview depends on the window after the last dose.

    Returns
    -------
    results table
        Level names the window (``0``, ``28`` days, ``ALL`` for no end); variables ``TEAE``, ``SER``, ``FATAL``;
        statistics n, N, pct.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    windows = [*map(str, study.adverse_events.sensitivity_windows_days), "ALL"]
    known = adae[adae["SAFFL"].eq("Y")]
    parts = [size_rows(groups)]
    for window in windows:
        events = known[known[f"TEAE{window}"].eq("Y")]
        chosen = {"TEAE": events, "SER": events[events["AESER"].eq("Y")], "FATAL": events[events["FATALFL"].eq("Y")]}
        for variable, some in chosen.items():
            records = some[["USUBJID", "KEY"]].assign(variable=variable, level=window)
            parts.append(count_rows(records, row_labels(variable, [window]), groups))
    ordered = pd.concat(parts, ignore_index=True)
    return results_table(ordered.assign(display="D4S", population="Safety"))


def term_results(adae: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D5: participants by system organ class and preferred term.

    Classes and the terms within them stand in order of falling total number of participants, ties alphabetically.

    Returns
    -------
    results table
        First the row ``ANY``; then per class a row (variable ``AEBODSYS``) and one a term (variable ``AEDECOD``);
        ``parameter`` is the class, ``level`` the class or term; statistics n, N, pct, events.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    events = adae[adae["SAFFL"].eq("Y") & adae["TRTEMFL"].eq("Y")]
    coded = events.assign(
        AEBODSYS=events["AEBODSYS"].fillna("Not coded"), AEDECOD=events["AEDECOD"].fillna("Not coded")
    )
    base = coded[["USUBJID", "KEY"]]
    records = pd.concat(
        [
            base.assign(parameter="", variable="ANY", level="Any treatment-emergent event"),
            base.assign(parameter=coded["AEBODSYS"], variable="AEBODSYS", level=coded["AEBODSYS"]),
            base.assign(parameter=coded["AEBODSYS"], variable="AEDECOD", level=coded["AEDECOD"]),
        ],
        ignore_index=True,
    )
    counted = count_rows(records, _term_order(coded), groups, has_events=True)
    return results_table(pd.concat([size_rows(groups), counted]).assign(display="D5", population="Safety"))


def seriousness_results(adae: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D9S: participants by preferred term, serious and not serious apart.

    Returns
    -------
    results table
        Variable ``SERIOUS`` or ``NONSERIOUS``, ``level`` the term; statistics n, N, pct. A participant with both kinds
        of a term counts in both.
    """
    groups = treatment_groups(adsl[adsl["SAFFL"].eq("Y")], study)
    events = adae[adae["SAFFL"].eq("Y") & adae["TRTEMFL"].eq("Y") & adae["AEDECOD"].notna()]
    kinds = events["AESER"].eq("Y").map({True: "SERIOUS", False: "NONSERIOUS"})
    records = events[["USUBJID", "KEY"]].assign(variable=kinds, level=events["AEDECOD"])
    terms = sorted(set(events["AEDECOD"]))
    rows = pd.concat([row_labels(kind, terms) for kind in ("SERIOUS", "NONSERIOUS")], ignore_index=True)
    counted = count_rows(records, rows, groups)
    return results_table(pd.concat([size_rows(groups), counted]).assign(display="D9S", population="Safety"))


def death_results(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D9: deaths of treated participants by study day (variable ``DTHDY``, level ``Day 52``).

    The row ``ANY`` counts them all. Statistics n, N, pct.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    dead = treated[treated["DTHFL"].eq("Y")].sort_values("DTHDY", kind="stable")
    days = dead["DTHDY"].map("Day {:.0f}".format, na_action="ignore").astype("str").fillna("Day not known")
    base = dead[["USUBJID", "KEY"]].assign(variable="DTHDY")
    records = pd.concat([base.assign(level="ANY"), base.assign(level=days)], ignore_index=True)
    counted = count_rows(records, row_labels("DTHDY", ["ANY", *dict.fromkeys(days)]), groups)
    return results_table(pd.concat([size_rows(groups), counted]).assign(display="D9", population="Safety"))


def _term_order(events: pd.DataFrame) -> pd.DataFrame:
    terms = events.groupby(["AEBODSYS", "AEDECOD"])["USUBJID"].nunique().rename("TERM").reset_index()
    classes = events.groupby("AEBODSYS")["USUBJID"].nunique().rename("CLASS").reset_index()
    ordered = terms.merge(classes, on="AEBODSYS").sort_values(
        ["CLASS", "AEBODSYS", "TERM", "AEDECOD"], ascending=[False, True, False, True], kind="stable"
    )
    rows = [("", "ANY", "Any treatment-emergent event")]
    for soc, members in ordered.groupby("AEBODSYS", sort=False):
        rows.append((str(soc), "AEBODSYS", str(soc)))
        rows += [(str(soc), "AEDECOD", str(term)) for term in members["AEDECOD"]]
    return pd.DataFrame(rows, columns=["parameter", "variable", "level"]).astype("str")
