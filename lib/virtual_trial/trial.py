"""The trial itself: TS, with the cut-off of the transfer."""

from __future__ import annotations

from virtual_trial.facts import fact
from virtual_trial.record import Value


def trial_summary(cut: dict[str, str]) -> list[dict[str, Value]]:
    """Rows of TS for one cut."""
    rows = [
        ("TITLE", "Trial Title", fact("study.title")),
        ("REGID", "Registry Identifier", fact("study.registry")),
        ("SPONSOR", "Clinical Study Sponsor", fact("study.sponsor")),
        ("TPHASE", "Trial Phase Classification", "PHASE I/II TRIAL"),
        ("TRT", "Investigational Therapy or Treatment", "TOFERSEN"),
        ("ROUTE", "Route of Administration", "INTRATHECAL"),
        ("TBLIND", "Trial Blinding Schema", "DOUBLE BLIND"),
        ("TCNTRL", "Control Type", "PLACEBO"),
        ("RANDQT", "Randomization Quotient", f"{fact('randomisation_quotient')}"),
        ("PLANSUB", "Planned Number of Subjects", f"{fact('randomised')}"),
        ("SDTMVER", "SDTM Version", "2.0"),
        ("SDTIGVER", "SDTM IG Version", "3.4"),
        ("DCUTDTC", "Data Cutoff Date", cut["cutoff"]),
        ("DCUTDESC", "Data Cutoff Description", cut["purpose"].upper()),
        ("SYNTH", "Nature of the Data", "synthetic data"),
    ]
    return [
        {
            "STUDYID": fact("study.id"),
            "DOMAIN": "TS",
            "TSSEQ": 1.0,
            "TSPARMCD": code,
            "TSPARM": name,
            "TSVAL": value,
        }
        for code, name, value in rows
    ]
