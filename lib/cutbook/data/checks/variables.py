"""Variables that each dataset must have for the displays to be derived from it."""

from __future__ import annotations

REQUIRED: dict[str, tuple[str, ...]] = {
    "dm": (
        "STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "SEX", "RACE", "ETHNIC", "COUNTRY",
        "ARMCD", "ACTARMCD", "DTHFL", "DTHDTC",
    ),
    "ae": (
        "USUBJID", "AESEQ", "AETERM", "AEDECOD", "AEBODSYS", "AESER", "AEREL", "AEACN", "AEOUT",
        "AESTDTC", "AEENDTC",
    ),
    "ds": ("USUBJID", "DSSEQ", "DSTERM", "DSDECOD", "DSCAT", "DSSTDTC"),
    "ex": ("USUBJID", "EXSEQ", "EXTRT", "EXDOSE", "EXDOSU", "EXSTDTC", "EXENDTC"),
    "cm": ("USUBJID", "CMSEQ", "CMTRT", "CMSTDTC", "CMENDTC"),
    "mh": ("USUBJID", "MHSEQ", "MHTERM"),
    "pr": ("USUBJID", "PRSEQ", "PRTRT", "PRSTDTC"),
    "lb": (
        "USUBJID", "LBSEQ", "LBTESTCD", "LBTEST", "LBSTRESC", "LBSTRESN", "LBSTRESU", "LBSTNRLO", "LBSTNRHI",
        "VISITNUM", "VISIT", "LBDTC",
    ),
    "vs": ("USUBJID", "VSSEQ", "VSTESTCD", "VSTEST", "VSSTRESC", "VSSTRESN", "VSSTRESU", "VISITNUM", "VISIT", "VSDTC"),
    "eg": ("USUBJID", "EGSEQ", "EGTESTCD", "EGTEST", "EGSTRESC", "EGSTRESN", "EGSTRESU", "VISITNUM", "VISIT", "EGDTC"),
    "qs": ("USUBJID", "QSSEQ", "QSTESTCD", "QSTEST", "QSSTRESC", "QSSTRESN", "VISITNUM", "VISIT", "QSDTC"),
    "re": ("USUBJID", "RESEQ", "RETESTCD", "RETEST", "RESTRESC", "RESTRESN", "VISITNUM", "VISIT", "REDTC"),
    "mk": ("USUBJID", "MKSEQ", "MKTESTCD", "MKTEST", "MKSTRESC", "MKSTRESN", "VISITNUM", "VISIT", "MKDTC"),
    "is": ("USUBJID", "ISSEQ", "ISTESTCD", "ISTEST", "ISSTRESC", "VISITNUM", "VISIT", "ISDTC"),
    "pc": (
        "USUBJID", "PCSEQ", "PCTESTCD", "PCSPEC", "PCSTRESC", "PCSTRESN", "PCSTRESU", "PCLLOQ", "VISITNUM", "VISIT",
        "PCDTC", "PCTPTNUM",
    ),
    "pp": ("USUBJID", "PPSEQ", "PPTESTCD", "PPTEST", "PPSTRESC", "PPSTRESN", "PPSTRESU"),
    "sc": ("USUBJID", "SCSEQ", "SCTESTCD", "SCSTRESC"),
    "dd": ("USUBJID", "DDSEQ", "DDTESTCD", "DDSTRESC"),
    "sv": ("USUBJID", "VISITNUM", "SVSTDTC"),
    "se": ("USUBJID", "ETCD", "SESTDTC"),
    "relrec": ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID"),
    "ts": ("TSPARMCD", "TSVAL"),
    "adsl": ("STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "SEX", "TRT01P", "TRT01A", "SAFFL", "TRTSDT", "TRTEDT"),
    "adae": ("USUBJID", "AESEQ", "AETERM", "AEDECOD", "AEBODSYS", "AESEV", "AESER", "TRTEMFL", "ASTDT"),
}  # fmt: skip
"""By dataset; a dataset that is not here needs its participants only."""

SUPPLEMENTAL = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
"""Variables of every supplemental qualifier dataset (``supp`` and a domain)."""


def required_variables(dataset: str) -> tuple[str, ...]:
    """Return the variables that a dataset must have.

    Examples
    --------
    >>> required_variables("sv"), required_variables("ta")
    (('USUBJID', 'VISITNUM', 'SVSTDTC'), ())
    """
    return SUPPLEMENTAL if dataset.startswith("supp") else REQUIRED.get(dataset, ())
