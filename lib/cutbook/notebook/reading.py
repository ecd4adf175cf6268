"""What a report reads, and which rows about the data it may show."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS
from cutbook.parameters.study import Study

_BY_EVERY_REPORT = frozenset({"dm", "ds", "ex"})
_OF_THE_DRUG = frozenset({"pc", "pp", "is"})
_ABOUT_RECORDS = ("issues", "removed", "modified", "kept", "past")
"""Tables about the data whose rows tell of records."""


def is_read(dataset: str, report: str, study: Study) -> bool:
    """Return whether a report reads a dataset; qualifiers and ADaM datasets count as the domain that they are about.

    Safety reads all but concentrations and antibodies; pharmacokinetics DM, DS, EX and these; efficacy DM, DS, EX and
    the datasets of its endpoints, of the baseline characteristics and of the efficacy population.
    """
    domain = domain_of(dataset)
    if domain in _BY_EVERY_REPORT:
        return True
    if report == PHARMACOKINETICS:
        return domain in _OF_THE_DRUG
    if report != EFFICACY:
        return domain not in _OF_THE_DRUG
    read = [item.dataset for item in study.endpoints]
    read += [item.dataset for item in study.characteristics]
    read += [item.dataset for item in study.populations.efficacy]
    return domain in {domain_of(name) for name in read}


def domain_of(dataset: str) -> str:
    """Return the domain that a dataset is about: ``ex`` of ``restricted/ex``, ``ae`` of ``suppae`` and ``adae``."""
    name = dataset.rpartition("/")[2].removeprefix("supp")
    own = name.removeprefix("ad")
    return "dm" if name == "adsl" else own or name


def is_shown(dataset: str, report: str, study: Study, *, is_apart: bool) -> bool:
    """Return whether a report may list a record: it reads the dataset, and the study file allows a restricted one.

    Parameters
    ----------
    dataset, report : str
        The record's dataset, with the folder of the restricted part before it or not; the report.
    study : Study
        ``sources.restricted.reports`` says which reports list restricted records.
    is_apart : bool
        The record is restricted.
    """
    rules = study.sources.restricted
    allowed = rules.reports.get(dataset.rpartition("/")[2], []) if rules else []
    return is_read(dataset, report, study) and (not is_apart or report in allowed)


def with_shown(tables: Mapping[str, pd.DataFrame], report: str, study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables about the data; rows about records with IS_SHOWN, whether the report may list them."""
    return {
        name: _with_shown(table, report, study) if name in _ABOUT_RECORDS else table for name, table in tables.items()
    }


def _with_shown(table: pd.DataFrame, report: str, study: Study) -> pd.DataFrame:
    rules = study.sources.restricted
    unmarked = table["DATASET"].str.replace(r".*/", "", regex=True).isin(list(rules.records) if rules else [])
    is_apart = table.get("IS_APART", unmarked)
    pairs = zip(table["DATASET"].tolist(), is_apart.tolist(), strict=True)
    known = [is_shown(name, report, study, is_apart=apart) for name, apart in pairs]
    return table.assign(IS_SHOWN=pd.Series(known, index=table.index, dtype="bool"))
