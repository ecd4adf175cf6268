"""Adverse events: when they began and ended, whether they are treatment-emergent and by which rule, how they count."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.data.checks.contradictions.times import ends_before_start, is_midnight
from cutbook.data.checks.events.severities import grades_of
from cutbook.dates import date_part, earliest, latest_possible, precision, study_day, to_moment
from cutbook.derive.delivered import ADAE_NEEDED, ADAE_OPTIONAL, delivered_records
from cutbook.derive.participants.disposition import FATAL
from cutbook.derive.records import (
    Datasets,
    dataset_or_empty,
    has_value,
    number_column,
    text_column,
    with_participant,
    yes_no,
)
from cutbook.derive.rules import first_match
from cutbook.parameters.study import AdverseEvents, Flag, Study
from cutbook.records import meets, record_keys

PARTICIPANT_COLUMNS = ("TRT01A", "TRT01AN", "SAFFL", "AGE", "SEX", "SITEID")

_TIMING = ["TRTSDT", "TRTEDT", "TRTSDTM"]
_INTENSITIES = (("AESEV", "AESEVST"), ("AETOXGR", "AEITOXGR"))
_IMPUTED = {"Y": "M", "M": "D"}


def derive_adae(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the adverse events of participants in ADSL, one row a record of AE, in its order.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``ae`` and, for the flags of the study file, ``suppae``.
    adsl : DataFrame
        Answer of `derive_adsl`.
    study : Study
        Rules of the adverse-event displays.

    Returns
    -------
    DataFrame
        All columns of AE, blank as missing · ASTDT, AENDT (days, partial dates imputed; an end before the start is
        missing) with ASTDTF, AENDTF (the highest part imputed: ``D`` the day, ``M`` month and day; missing when nothing
        was) · ASTDY, AENDY · ADURN (days, both ends counted; missing when a date is partial or missing) · TRTEMFL with
        TRTEMRULE (the rule that decided), the same flag with other ends of the period as TEAE<days> and TEAEALL (no
        end) · ONTRTFL (began from the first to the last day of treatment), ONSTFL (began at any time since the first
        dose) · ASEVN (1 for the mildest; missing when not graded) · AREL, FATALFL · one column a flag of the study
        file, named by its QNAM (all flags ``Y`` or ``N``) · TRT01A, TRT01AN, SAFFL, AGE, SEX, SITEID · KEY.

    Raises
    ------
    DataError
        The study delivers ADaM and ``adae`` or a column of it is missing.
    """
    if study.sources.model == "adam":
        return _delivered(datasets, adsl, study)
    events = _with_timing(_collected(datasets, adsl))
    events = _with_emergence(events, study.adverse_events)
    events = _with_counting(events, dataset_or_empty(datasets, "ae"), study.adverse_events)
    for flag in study.adverse_events.flags:
        events[flag.qnam] = flag_from_supplement(events, datasets, flag)
    return events.drop(columns=[*_TIMING, "ASTDTM"]).reset_index(drop=True)


def start_days(events: pd.DataFrame) -> pd.Series:
    """Return the day on which each event began.

    Parameters
    ----------
    events : DataFrame
        AESTDTC, AENDT, TRTSDT.

    Notes
    -----
    Rules, the first that applies: no year → missing; the date is complete → that day; a partial date names a period in
    which the first dose lies, and the event did not end before that → the day of the first dose; otherwise the earliest
    day of the period.
    """
    text, dosed = events["AESTDTC"], events["TRTSDT"]
    first, last = earliest(text).dt.floor("D"), latest_possible(text).dt.floor("D")
    is_allowed = (first < dosed) & (dosed <= last) & ~(events["AENDT"] < dosed)
    started: pd.Series = first.mask(is_allowed, dosed)
    return started


def is_since_first_dose(events: pd.DataFrame) -> pd.Series:
    """Return True for events that began on or after the first dose; by the clock where both times are known.

    Parameters
    ----------
    events : DataFrame
        ASTDT, ASTDTM (missing when the time is unknown), TRTSDT, TRTSDTM.
    """
    start, dosed = events["ASTDT"], events["TRTSDT"]
    is_earlier_that_day = start.eq(dosed) & (events["ASTDTM"] < events["TRTSDTM"])
    return (start >= dosed) & ~is_earlier_that_day


def treatment_emergence(events: pd.DataFrame, window_days: int | None) -> pd.DataFrame:
    """Return whether each event is treatment-emergent, and the rule that decided.

    Parameters
    ----------
    events : DataFrame
        ASTDT, ASTDTM (missing when the time is unknown), AENDT, TRTSDT, TRTSDTM, TRTEDT, WORSENED (bool), and SAFFL
        where a day of the first dose may be missing although there was one.
    window_days : int or None
        Days after the last dose in which an event may still emerge; None: no end.

    Returns
    -------
    DataFrame
        FLAG (``Y`` or ``N``) and RULE (text).

    Notes
    -----
    Rules, the first that applies: not treated → no; the day of the first dose is not known → yes; ended before the
    first dose → no; start missing → yes; began on or after the first dose: within the window → yes, later → no; began
    before the first dose and worsened → yes; otherwise no. Source: R package admiral, `derive_var_trtemfl`, after the
    PHUSE white paper on treatment-emergent adverse events (WP-087).
    """
    start, dosed = events["ASTDT"], events["TRTSDT"]
    is_since_dose = is_since_first_dose(events)
    is_treated = events["SAFFL"].eq("Y") if "SAFFL" in events else dosed.notna()
    if window_days is None:
        is_late = pd.Series(False, index=events.index)
    else:
        is_late = start > events["TRTEDT"] + pd.Timedelta(days=window_days)
    rules = [
        (dosed.isna() & ~is_treated, "N", "Not treated"),
        (dosed.isna(), "Y", "Date of the first dose missing"),
        (events["AENDT"] < dosed, "N", "Ended before the first dose"),
        (start.isna(), "Y", "Start date missing"),
        (is_since_dose & is_late, "N", f"Began more than {window_days} days after the last dose"),
        (is_since_dose, "Y", "Began on or after the first dose"),
        (events["WORSENED"], "Y", "Began before the first dose and worsened"),
    ]
    flag = pd.Series("N", index=events.index, dtype="str")
    rule = pd.Series("Began before the first dose", index=events.index, dtype="str")
    return pd.DataFrame(
        {
            "FLAG": first_match([(applies, decision) for applies, decision, _ in rules], flag),
            "RULE": first_match([(applies, words) for applies, _, words in rules], rule),
        }
    )


def flag_from_supplement(events: pd.DataFrame, datasets: Datasets, flag: Flag) -> pd.Series:
    """Return ``Y`` for the events that a supplemental qualifier marks, from AE itself where it has the column.

    Missing throughout where neither was delivered.
    """
    if flag.qnam in events:
        return yes_no(meets(events, {flag.qnam: [flag.value]}))
    if "suppae" not in datasets:
        return text_column(events, flag.qnam)
    supp = dataset_or_empty(datasets, "suppae")
    marked = supp[meets(supp, {"QNAM": [flag.qnam], "QVAL": [flag.value]})]
    is_flagged = pd.Series(False, index=events.index)
    for variable, pointers in marked.groupby(text_column(marked, "IDVAR")):
        values = text_column(pointers, "IDVARVAL").str.strip().str.removesuffix(".0")
        own = events["USUBJID"] + "/" + text_column(events, str(variable))
        is_flagged |= own.isin(pointers["USUBJID"] + "/" + values)
    return yes_no(is_flagged)


def is_worse(events: pd.DataFrame, severities: Sequence[str]) -> pd.Series:
    """Return True for events whose intensity rose above the one they began with, where that is collected."""
    worse = pd.Series(False, index=events.index)
    for worst, initial in _INTENSITIES:
        if worst in events and initial in events:
            worse |= intensity_number(events[worst], severities) > intensity_number(events[initial], severities)
    return worse


def intensity_number(values: pd.Series, severities: Sequence[str]) -> pd.Series:
    """Return the place of each intensity, 1 for the mildest; a grade (``3``, ``Grade 3``) stands for itself."""
    places = values.map({name: float(place) for place, name in enumerate(severities, start=1)})
    return places.astype("float64").fillna(grades_of(values).astype("float64"))


def _collected(datasets: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    ae = dataset_or_empty(datasets, "ae")
    ae = ae[text_column(ae, "USUBJID").isin(adsl["USUBJID"])]
    needed = ("AETERM", "AEDECOD", "AEBODSYS", "AESER", "AEREL", "AEOUT", "AESTDTC", "AEENDTC")
    texts = {c: text_column(ae, c) for c in (*ae.columns, *needed) if c not in ae or ae[c].dtype.kind not in "fiu"}
    numbers = {c: number_column(ae, c) for c in ("AESEQ", *ae.select_dtypes("number").columns)}
    ordered = dict.fromkeys((*ae.columns, *needed, "AESEQ"))
    known = pd.DataFrame({c: texts[c] if c in texts else numbers[c] for c in ordered}).assign(KEY=record_keys("ae", ae))
    if "AESEV" not in known or known["AESEV"].isna().all():
        known["AESEV"] = text_column(ae, "AETOXGR")
    kept = [c for c in PARTICIPANT_COLUMNS if c not in known]
    return with_participant(known, adsl, [*kept, *_TIMING])


def _with_timing(events: pd.DataFrame) -> pd.DataFrame:
    ended = events["AEENDTC"].mask(ends_before_start(events["AESTDTC"], events["AEENDTC"]))
    # Midnight on the day of the first dose would silently lie before it; a time not collected does not.
    began = to_moment(events["AESTDTC"]).mask(is_midnight(events["AESTDTC"]))
    timed = events.assign(AENDT=latest_possible(ended).dt.floor("D"), ASTDTM=began)
    timed["ASTDT"] = start_days(timed)
    timed["ASTDTF"] = precision(events["AESTDTC"]).map(_IMPUTED).astype("str")
    timed["AENDTF"] = precision(ended).map(_IMPUTED).astype("str")
    timed["ASTDY"] = study_day(timed["ASTDT"], events["TRTSDT"])
    timed["AENDY"] = study_day(timed["AENDT"], events["TRTSDT"])
    days = (date_part(ended) - date_part(events["AESTDTC"])).dt.days.add(1).astype("float64")
    return timed.assign(ADURN=days.where(days > 0))


def _with_emergence(events: pd.DataFrame, rules: AdverseEvents) -> pd.DataFrame:
    known = events.assign(WORSENED=is_worse(events, rules.severities))
    main = treatment_emergence(known, rules.teae_window_days)
    always = treatment_emergence(known, None)["FLAG"]
    flags = {"TRTEMFL": main["FLAG"], "TRTEMRULE": main["RULE"]}
    for window in rules.sensitivity_windows_days:
        flags[f"TEAE{window}"] = treatment_emergence(known, window)["FLAG"]
    is_since_dose = is_since_first_dose(events)
    is_during = is_since_dose & (events["ASTDT"] <= events["TRTEDT"])
    return events.assign(**flags, TEAEALL=always, ONTRTFL=yes_no(is_during), ONSTFL=yes_no(is_since_dose))


def _with_counting(events: pd.DataFrame, ae: pd.DataFrame, rules: AdverseEvents) -> pd.DataFrame:
    severity = intensity_number(events["AESEV"], rules.severities)
    collected = events[[name for name in events if name in ae]]
    return events.assign(ASEVN=severity, AREL=related(collected, rules.related), FATALFL=fatal(collected))


def related(events: pd.DataFrame, words: Sequence[str]) -> pd.Series:
    """Return AREL, whether each event is related to the drug; missing throughout where AEREL was not collected.

    Parameters
    ----------
    events : DataFrame
        AEREL, where it was delivered.
    words : sequence of str
        Values that mean related; an empty text among them: so does a blank in a variable that was delivered.
    """
    flag = yes_no(meets(events, {"AEREL": words}))
    is_told = "AEREL" in events and ("" in words or text_column(events, "AEREL").notna().any())
    return flag if is_told else text_column(events, "AREL")


def fatal(events: pd.DataFrame) -> pd.Series:
    """Return FATALFL, whether each event was fatal, by AEOUT or AESDTH; missing throughout where neither tells."""
    outcome, death = text_column(events, "AEOUT"), text_column(events, "AESDTH")
    flag = yes_no(outcome.eq(FATAL) | death.eq("Y"))
    return flag if "AESDTH" in events or outcome.notna().any() else text_column(events, "FATALFL")


def _delivered(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    windows = [f"TEAE{days}" for days in (*study.adverse_events.sensitivity_windows_days, "ALL")]
    flags = [flag.qnam for flag in study.adverse_events.flags]
    known = adsl[["USUBJID", *PARTICIPANT_COLUMNS]]
    events = delivered_records(datasets, "adae", ADAE_NEEDED, [*ADAE_OPTIONAL, *flags, *windows], known)
    collected = dataset_or_empty(datasets, "adae")
    derived = {"AREL": related(collected, study.adverse_events.related), "FATALFL": fatal(collected)}
    told = {name: events[name] if has_value(events, name) else flag for name, flag in derived.items()}
    return events.assign(**told | {"AREL": _as_flag(told["AREL"], study.adverse_events.related)})


def _as_flag(relation: pd.Series, words: Sequence[str]) -> pd.Series:
    """Return an analysis relation as Y or N: the words of the study file for related mean Y; missing stays so."""
    is_related = relation.eq("Y") | relation.isin([word for word in words if word])
    return yes_no(is_related).where(relation.notna())
