"""The parameters: codes of CDISC, names, kinds of unit, and what PKNCA and NonCompart call them."""

from __future__ import annotations

import pandas as pd

from cutbook.stats.nca.options import NcaOptions

UNITS = {
    "concentration": "{conc}",
    "time": "{time}",
    "rate": "1/{time}",
    "auc": "{time}*{conc}",
    "aumc": "{time}^2*{conc}",
    "amount": "{dose}",
    "clearance": "{dose}/({time}*{conc})",
    "volume": "{dose}/{conc}",
    "concentration_per_dose": "{conc}/{dose}",
    "auc_per_dose": "{time}*{conc}/{dose}",
    "percent": "%",
    "number": "",
}
"""Unit of each kind."""

_EV, _IV = ("extravascular",), ("iv_bolus", "iv_infusion")
_ALL = (*_EV, *_IV)

_TABLE = (
    # code, name, kind of unit, PKNCA, NonCompart, routes
    ("NCONC", "Number of samples", "number", "count_conc", "", _ALL),
    ("CMAX", "Highest concentration", "concentration", "cmax", "CMAX", _ALL),
    ("CMAXD", "Highest concentration by dose", "concentration_per_dose", "cmax.dn", "CMAXD", _ALL),
    ("TMAX", "Time of the highest concentration", "time", "tmax", "TMAX", _ALL),
    ("TLAG", "Lag time", "time", "tlag", "TLAG", _EV),
    ("C0", "Concentration at the time of the bolus", "concentration", "c0", "C0", ("iv_bolus",)),
    ("CLST", "Last quantifiable concentration", "concentration", "clast.obs", "CLST", _ALL),
    ("CLSTP", "Last concentration, predicted by the terminal line", "concentration", "clast.pred", "CLSTP", _ALL),
    ("TLST", "Time of the last quantifiable concentration", "time", "tlast", "TLST", _ALL),
    ("LAMZ", "Terminal rate", "rate", "lambda.z", "LAMZ", _ALL),
    ("LAMZHL", "Terminal half-life", "time", "half.life", "LAMZHL", _ALL),
    ("LAMZLL", "First time of the terminal line", "time", "lambda.z.time.first", "LAMZLL", _ALL),
    ("LAMZUL", "Last time of the terminal line", "time", "lambda.z.time.last", "LAMZUL", _ALL),
    ("LAMZNPT", "Points of the terminal line", "number", "lambda.z.n.points", "LAMZNPT", _ALL),
    ("LAMZSPN", "Length of the terminal line in half-lives", "number", "span.ratio", "", _ALL),
    ("CORRXY", "Correlation of the terminal line", "number", "", "CORRXY", _ALL),
    ("R2", "r² of the terminal line", "number", "r.squared", "R2", _ALL),
    ("R2ADJ", "Adjusted r² of the terminal line", "number", "adj.r.squared", "R2ADJ", _ALL),
    ("AUCLST", "AUC to the last quantifiable concentration", "auc", "auclast", "AUCLST", _ALL),
    ("AUCALL", "AUC to the sample after the last quantifiable one", "auc", "aucall", "AUCALL", _ALL),
    ("AUCIFO", "AUC to infinity, observed", "auc", "aucinf.obs", "AUCIFO", _ALL),
    ("AUCIFOD", "AUC to infinity by dose, observed", "auc_per_dose", "aucinf.obs.dn", "AUCIFOD", _ALL),
    ("AUCIFP", "AUC to infinity, predicted", "auc", "aucinf.pred", "AUCIFP", _ALL),
    ("AUCIFPD", "AUC to infinity by dose, predicted", "auc_per_dose", "aucinf.pred.dn", "AUCIFPD", _ALL),
    ("AUCPEO", "AUC extrapolated, observed", "percent", "aucpext.obs", "AUCPEO", _ALL),
    ("AUCPEP", "AUC extrapolated, predicted", "percent", "aucpext.pred", "AUCPEP", _ALL),
    ("AUCPBEO", "AUC back-extrapolated, observed", "percent", "aucpbextinf.obs", "AUCPBEO", ("iv_bolus",)),
    ("AUCPBEP", "AUC back-extrapolated, predicted", "percent", "aucpbextinf.pred", "AUCPBEP", ("iv_bolus",)),
    ("AUMCLST", "AUMC to the last quantifiable concentration", "aumc", "aumclast", "AUMCLST", _ALL),
    ("AUMCIFO", "AUMC to infinity, observed", "aumc", "aumcinf.obs", "AUMCIFO", _ALL),
    ("AUMCIFP", "AUMC to infinity, predicted", "aumc", "aumcinf.pred", "AUMCIFP", _ALL),
    ("AUMCPEO", "AUMC extrapolated, observed", "percent", "", "AUMCPEO", _ALL),
    ("AUMCPEP", "AUMC extrapolated, predicted", "percent", "", "AUMCPEP", _ALL),
    ("CLFLST", "CL/F by AUC to the last concentration", "clearance", "cl.last", "", _EV),
    ("CLFO", "CL/F, observed", "clearance", "cl.obs", "CLFO", _EV),
    ("CLFP", "CL/F, predicted", "clearance", "cl.pred", "CLFP", _EV),
    ("VZFO", "Vz/F, observed", "volume", "vz.obs", "VZFO", _EV),
    ("VZFP", "Vz/F, predicted", "volume", "vz.pred", "VZFP", _EV),
    ("MRTEVLST", "MRT to the last concentration", "time", "mrt.last", "MRTEVLST", _EV),
    ("MRTEVIFO", "MRT, observed", "time", "mrt.obs", "MRTEVIFO", _EV),
    ("MRTEVIFP", "MRT, predicted", "time", "mrt.pred", "MRTEVIFP", _EV),
    ("CLLST", "CL by AUC to the last concentration", "clearance", "cl.iv.last", "", _IV),
    ("CLO", "CL, observed", "clearance", "cl.iv.obs", "CLO", _IV),
    ("CLP", "CL, predicted", "clearance", "cl.iv.pred", "CLP", _IV),
    ("VZO", "Vz, observed", "volume", "vz.iv.obs", "VZO", _IV),
    ("VZP", "Vz, predicted", "volume", "vz.iv.pred", "VZP", _IV),
    ("VSSO", "Vss, observed", "volume", "vss.iv.obs", "VSSO", _IV),
    ("VSSP", "Vss, predicted", "volume", "vss.iv.pred", "VSSP", _IV),
    ("MRTIVLST", "MRT to the last concentration", "time", "mrt.iv.last", "MRTIVLST", _IV),
    ("MRTIVIFO", "MRT, observed", "time", "mrt.iv.obs", "MRTIVIFO", _IV),
    ("MRTIVIFP", "MRT, predicted", "time", "mrt.iv.pred", "MRTIVIFP", _IV),
    ("CMIN", "Lowest concentration", "concentration", "cmin", "", _ALL),
    ("AUCINT", "AUC of the interval, nothing after the last concentration", "auc", "aucint.last", "", _ALL),
    ("AUCINTA", "AUC of the interval, with the step after the last", "auc", "aucint.all", "", _ALL),
    ("AUCTAU", "AUC of the dosing interval", "auc", "aucint.inf.obs", "", _ALL),
    ("AUCTAUP", "AUC of the dosing interval, predicted", "auc", "aucint.inf.pred", "", _ALL),
    ("CAVG", "Average concentration of the dosing interval", "concentration", "cav.int.inf.obs", "", _ALL),
    ("CAVGLST", "Average concentration by AUC to the last", "concentration", "cav", "", _ALL),
    ("CAVGINT", "Average concentration of the interval", "concentration", "cav.int.last", "", _ALL),
    ("CSTART", "Concentration at the start", "concentration", "cstart", "", _ALL),
    ("CTROUGH", "Concentration at the end of the dosing interval", "concentration", "ctrough", "", _ALL),
    ("PTROUGHR", "Peak to trough", "number", "ptr", "", _ALL),
    ("FLUCP", "Fluctuation", "percent", "", "", _ALL),
    ("FLUCPLST", "Fluctuation by AUC to the last", "percent", "deg.fluc", "", _ALL),
    ("SWING", "Swing", "percent", "swing", "", _ALL),
    ("CLFTAU", "CL/F at steady state", "clearance", "", "", _EV),
    ("VZFTAU", "Vz/F at steady state", "volume", "", "", _EV),
    ("CLTAU", "CL at steady state", "clearance", "", "", _IV),
    ("VZTAU", "Vz at steady state", "volume", "", "", _IV),
    ("ARAUC", "Accumulation of AUC of the dosing interval", "number", "", "", _ALL),
    ("ARAUCINT", "Accumulation of AUC of the interval", "number", "", "", _ALL),
    ("ARCMAX", "Accumulation of the highest concentration", "number", "", "", _ALL),
    ("ARCTROUG", "Accumulation of the concentration at the end", "number", "", "", _ALL),
    ("AUCLSTSE", "Standard error of the AUC of sparse samples", "auc", "sparse_auc_se", "", _ALL),
    ("AUCLSTDF", "Degrees of freedom of that standard error", "number", "sparse_auc_df", "", _ALL),
    ("RCAMINT", "Amount recovered in urine", "amount", "ae", "", _ALL),
    ("RCPCINT", "Share of the dose recovered in urine", "percent", "", "", _ALL),
    ("RENALCL", "Renal clearance", "clearance", "clr.last", "", _ALL),
)

ORDER = tuple(row[0] for row in _TABLE)
KINDS = {row[0]: row[2] for row in _TABLE}
ROUTES_OF = {row[0]: row[5] for row in _TABLE}


def nca_parameters() -> pd.DataFrame:
    """Return every parameter of the analysis: one row a code.

    Returns
    -------
    frame
        ``code`` (CDISC PKPARMCD, or in its style where CDISC has none), ``name``, ``unit_kind`` (a key of
        :data:`UNITS`), ``pknca`` and ``noncompart``: what these packages call it, empty where they have no such value.

    Examples
    --------
    >>> nca_parameters().set_index("code").loc["LAMZHL"].tolist()
    ['Terminal half-life', 'time', 'half.life', 'LAMZHL']
    """
    return pd.DataFrame([row[:5] for row in _TABLE], columns=["code", "name", "unit_kind", "pknca", "noncompart"])


def unit(code: str, options: NcaOptions) -> str:
    """Return the unit of a parameter, put together from those of concentrations, times and doses.

    Examples
    --------
    >>> unit("CLFO", NcaOptions(conc_unit="ng/mL", time_unit="h", dose_unit="mg"))
    'mg/(h*ng/mL)'
    """
    return UNITS[KINDS[code]].format(conc=options.conc_unit, time=options.time_unit, dose=options.dose_unit)
