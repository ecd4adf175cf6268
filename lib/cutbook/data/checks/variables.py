"""Variables without which a dataset shows nothing, and what others leave unsaid where they were not delivered."""

from __future__ import annotations

_WHO = "everything, for it says whose record it is"
_SAMPLED = {"USUBJID": _WHO, "PCTESTCD": "every display of concentrations", "PCSPEC": "every display of concentrations"}

REQUIRED: dict[str, dict[str, str]] = {
    "dm": {"USUBJID": _WHO, "ARMCD": "every column of an arm"},
    "ae": {
        "USUBJID": _WHO,
        "AEDECOD": "every display of preferred terms",
        "AEBODSYS": "every display of system organ classes",
        "AESER": "every display of serious events",
        "AEREL": "every display of related events",
        "AEOUT": "every display of fatal events",
        "AESTDTC": "every display of treatment-emergent events",
    },
    "ds": {
        "USUBJID": _WHO,
        "DSDECOD": "disposition",
        "DSCAT": "disposition, to tell the end of the study from other records",
        "DSSTDTC": "the day of the end of the study",
    },
    "ex": {"USUBJID": _WHO, "EXSTDTC": "every display of treated participants"},
    "pc": _SAMPLED,
    "adsl": {
        name: "every display of participants"
        for name in (
            "STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "SEX", "TRT01P", "TRT01A", "SAFFL", "TRTSDT", "TRTEDT",
        )
    },
    "adae": {
        name: "every display of adverse events"
        for name in ("USUBJID", "AESEQ", "AETERM", "AEDECOD", "AEBODSYS", "AESEV", "AESER", "TRTEMFL", "ASTDT")
    },
}  # fmt: skip
"""By dataset, variable and what cannot be shown without it. Measurements and trial design have rules of their own."""

_SUPPLEMENTAL = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")

_RELATED = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID")

FINDINGS = frozenset({"lb", "vs", "eg", "qs", "re", "mk", "is", "pc", "pp", "sc", "dd"})
"""Datasets of measurements."""

_OF_PARTICIPANTS = frozenset({"ce", "cm", "dv", "ec", "fa", "ho", "mh", "pe", "pr", "se", "su", "sv"})
"""Other datasets whose records are those of participants."""

OPTIONAL: dict[str, dict[str, str]] = {
    "dm": {
        "ACTARMCD": "the arm as planned (ARMCD) counts as the one received",
        "SITEID": "sites are not known",
        "AGE": "ages are not shown",
        "SEX": "the sex is not shown",
    },
    "ae": {
        "AETERM": "listings show no reported term",
        "AEACN": "action taken with study drug is not counted",
        "AEENDTC": "ends and durations of events are not known",
    },
    "ds": {"DSTERM": "the reported reason is not known"},
    "ex": {
        "EXTRT": "all records count as the study drug",
        "EXDOSE": "amounts are not known",
        "EXDOSU": "doses count as in the unit of the study file",
        "EXENDTC": "each record counts as ending on the day on which it started, unless it has a frequency",
    },
    "pc": {
        "PCSTRESU": "concentrations count as in the unit of the study file",
        "PCLLOQ": "below the limit is only what the result says, and the limit is not shown",
        "VISITNUM": "samples are not told apart by visit, and no profile of one visit is drawn",
        "PCDTC": "actual times after the dose are not known",
    },
}
"""By dataset, variables whose absence is said, with its consequence. Where one is needed by name, it is a fault."""

OF_TREATMENT = frozenset({"EXTRT", "EXDOSE", "EXDOSU"})
"""Those of them that tell the treatment: blinded reports do without."""

_OF_FINDINGS = {
    "STRESU": "values are shown without a unit",
    "TEST": "tests are shown by their code",
    "DTC": "no value can be placed before or after the first dose",
}
_WITH_RANGES = {"STNRLO": "values below the normal range are not told", "STNRHI": "values above it are not told"}


def required_variables(dataset: str) -> dict[str, str]:
    """Return the variables that a dataset must have, each with what cannot be shown without it.

    Examples
    --------
    >>> required_variables("lb")
    {'USUBJID': 'everything, for it says whose record it is', 'LBTESTCD': 'every display of its results'}
    >>> required_variables("cm")
    {'USUBJID': 'everything, for it says whose record it is'}
    >>> required_variables("ta")
    {}
    """
    if dataset.startswith("supp"):
        return dict.fromkeys(_SUPPLEMENTAL, "qualifiers of records")
    if dataset == "relrec":
        return dict.fromkeys(_RELATED, "relations of records")
    if dataset in FINDINGS - set(REQUIRED):
        return {"USUBJID": _WHO, f"{dataset.upper()}TESTCD": "every display of its results"}
    if dataset in _OF_PARTICIPANTS:
        return {"USUBJID": _WHO}
    return REQUIRED.get(dataset, {})


def optional_variables(dataset: str) -> dict[str, str]:
    """Return the variables of a dataset whose absence is said, each with its consequence.

    Examples
    --------
    >>> sorted(optional_variables("vs"))
    ['VSDTC', 'VSSTRESU', 'VSTEST']
    """
    own = dict(OPTIONAL.get(dataset, {}))
    if dataset in ("lb", "vs", "eg"):
        ranges = _WITH_RANGES if dataset == "lb" else {}
        own |= {f"{dataset.upper()}{name}": words for name, words in (_OF_FINDINGS | ranges).items()}
    return own
