"""Mixed models for repeated measures: means and differences by visit, and what was tried before they converged."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.catalogue.kinds.estimates import Estimates, RepeatedMeasures
from cutbook.results.layers.fits import rows
from cutbook.results.layers.scope import Scope
from cutbook.stats.mmrm import STRUCTURES, Mmrm, NotEstimable, mmrm

AVERAGE = "AVERAGE"
"""Code of the visit that stands for the average over the visits of a model."""

_AVERAGE_WORDS = "Average over the visits"
_ARM, _VISIT = "ARM", "visit"


def rows_of_repeated(layer: Estimates, method: RepeatedMeasures, data: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return means of the arms and their differences at every visit, from one model of all visits.

    Returns
    -------
    frame
        ``LSMEAN`` and ``DIFF`` by visit and group; ``MODEL``: n of participants and of records left out; ``FIT``:
        steps to convergence, or why there was none, a structure tried a row.
    """
    if scope.study.treatment.control_arm is None:
        return rows.no_fit("the study file names no control")
    changed = rows.responses(data, method)
    used = changed.dropna(subset=["RESPONSE", "COVARIATE", *method.factors])
    arms = [arm.code for arm in scope.study.treatment.arms if used[_ARM].eq(arm.code).any()]
    visits = {code: words for code, words in layer.visits if used[_VISIT].eq(code).any()}
    used = used.assign(**{_ARM: pd.Categorical(used[_ARM], arms), _VISIT: pd.Categorical(used[_VISIT], list(visits))})
    fit = mmrm(
        used, _formula(method), subject="USUBJID", visit=_VISIT, covariance=method.covariances, df=method.df,
    )  # fmt: skip
    tried = _attempts(method, fit)
    if isinstance(fit, NotEstimable):
        return pd.concat([rows.no_fit(fit.reason), tried], ignore_index=True)
    places = {**visits, AVERAGE: _AVERAGE_WORDS} if method.has_average else visits
    parts = [
        _counts(used, changed, places),
        rows.mean_rows(_means(fit, method, places), method, layer.decimals),
        rows.difference_rows(_differences(fit, method, (arms, places), scope), method, layer.decimals),
        _facts(fit), tried,
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _formula(method: RepeatedMeasures) -> str:
    baseline = f"COVARIATE * {_VISIT}" if method.has_baseline_by_visit else "COVARIATE"
    return " + ".join([f"RESPONSE ~ {baseline}", *(f"`{name}`" for name in method.factors), f"{_ARM} * {_VISIT}"])


def _counts(used: pd.DataFrame, data: pd.DataFrame, places: dict[str, str]) -> pd.DataFrame:
    found = rows.counted(used, data, [_VISIT, _ARM])
    people = used.drop_duplicates([_ARM, "USUBJID"]).groupby(_ARM, observed=True).size()
    counts = [
        {"visit": visit, "visit_words": places[str(visit)], "group": str(arm), **told}
        for (visit, arm), told in found.items()
    ]
    average = [
        {"visit": AVERAGE, "visit_words": _AVERAGE_WORDS, "group": str(arm), "value": float(number)}
        for arm, number in people.items()
        if AVERAGE in places
    ]
    return pd.DataFrame([*counts, *average]).assign(variable=rows.MEAN, statistic="n")


def _means(fit: Mmrm, method: RepeatedMeasures, places: dict[str, str]) -> pd.DataFrame:
    by_visit = fit.lsmeans([_VISIT, _ARM])
    average = fit.lsmeans([_ARM]).assign(**{_VISIT: AVERAGE}) if method.has_average else by_visit.iloc[:0]
    return _named(_joined([by_visit, average]), places)


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    text = [part.astype({_VISIT: "str", _ARM: "str"}) for part in parts if len(part)]
    return pd.concat(text, ignore_index=True)


def _named(found: pd.DataFrame, places: dict[str, str]) -> pd.DataFrame:
    named = found.rename(columns={_ARM: "group", "df": "ddf"})
    return named.assign(visit_words=named["visit"].map(places))


def _differences(
    fit: Mmrm, method: RepeatedMeasures, levels: tuple[Sequence[str], dict[str, str]], scope: Scope
) -> pd.DataFrame:
    arms, places = levels
    pairs = rows.pairs_of(scope.study, arms, is_all=method.is_all_pairs)
    parts = []
    for other in dict.fromkeys(second for _, second in pairs):
        firsts = [first for first, second in pairs if second == other]
        found = [fit.contrasts(_ARM, other, by=[_VISIT])]
        found += [fit.contrasts(_ARM, other).assign(**{_VISIT: AVERAGE})] if method.has_average else []
        joined = _joined(found)
        parts.append(joined[joined[_ARM].isin(firsts)])
    columns = [_VISIT, _ARM, "control", "estimate", "se", "df", "ci_low", "ci_high", "t", "p", "reason"]
    return _named(pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns), places)


def _facts(fit: Mmrm) -> pd.DataFrame:
    facts = {"n": fit.n_participants, "records": fit.n_observations}
    return pd.DataFrame({"variable": rows.MODEL, "statistic": list(facts), "value": list(map(float, facts.values()))})


def _attempts(method: RepeatedMeasures, fit: Mmrm | NotEstimable) -> pd.DataFrame:
    """Return the steps of each structure that was tried, or why it did not stand; the last one of a fit stands."""
    steps = [float("nan")] * len(fit.attempts)
    if isinstance(fit, Mmrm):
        steps[-1] = float(fit.iterations)
    tried = zip(method.covariances, fit.attempts, steps, strict=False)
    return pd.DataFrame(
        [
            {
                "variable": rows.ATTEMPT,
                "level": structure,
                "row_words": STRUCTURES[structure].words,
                "statistic": "steps",
                "value": number,
                "reason": "" if number == number else sentence.partition(": ")[2],
            }
            for structure, sentence, number in tried
        ]
    )
