"""The participants, one row each: arms, populations, treatment, end of study, death and baseline characteristics."""

from __future__ import annotations

import pandas as pd

from cutbook.data.checks.dosing.given import administrations, omissions
from cutbook.data.checks.values.ages import age_unit
from cutbook.dates import date_part, study_day
from cutbook.derive.delivered import ADSL_NEEDED, ADSL_OPTIONAL, delivered_dataset
from cutbook.derive.exposure import dose_changes, treatment_summary, with_ends
from cutbook.derive.participants.assignment import (
    actual_arms,
    arm_doses,
    arm_numbers,
    entry_flags,
    has_arm,
    planned_arms,
    randomisation_dates,
    screen_failures,
)
from cutbook.derive.participants.characteristics import with_characteristics
from cutbook.derive.participants.disposition import deaths, end_of_study, failed_screening, study_ends, tell_deaths
from cutbook.derive.participants.populations import efficacy_flags, pharmacokinetic_flags
from cutbook.derive.participants.sites import pooled_site
from cutbook.derive.records import Datasets, look_up, number_column, text_column, yes_no
from cutbook.parameters.study import Study
from cutbook.records import record_keys
from cutbook.standards.conversion import converted

_TEXTS = ("STUDYID", "USUBJID", "SUBJID", "SITEID", "SEX", "RACE", "ETHNIC", "COUNTRY", "ARMCD", "ACTARMCD")


def derive_adsl(datasets: Datasets, study: Study, cutoff: str) -> pd.DataFrame:
    """Return the participants, one row each of DM, in its order.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``dm``; ``ex``, ``ds``, ``ae``, ``dd``, ``pc``, ``suppdm`` and the datasets of characteristics and requirements
        where they were delivered.
    study : Study
        The study file.
    cutoff : str
        Cut-off date (ISO 8601): the day at which treatment still under way ends for the count of days and doses.

    Returns
    -------
    DataFrame
        STUDYID, USUBJID, SUBJID, SITEID, AGE (years, or the unit of its characteristic), SEX, RACE, ETHNIC, COUNTRY,
        ARMCD, ACTARMCD · TRT01P, TRT01A (labels of the study file; ``Missing`` when randomised or treated without an
        arm; missing for everybody else) and TRT01PN, TRT01AN (1.. in the order of the study file) · DOSE01A (dose of
        the actual arm) · RANDFL, SAFFL, EFFFL, PKFL, SCRFFL (``Y`` or ``N``; missing where nothing tells) · RANDDT,
        TRTSDT, TRTEDT (days) and TRTSDTM, TRTEDTM (missing when the time is unknown) · TRTDURD (days) · DOSEN, DOSETOT
        · REDUCEDN, PAUSEDN (see `dose_changes`)
        · EOSSTT (COMPLETED, DISCONTINUED, ONGOING; empty when not randomised; missing when DS was not delivered),
        DCSREAS, EOSDT · DTHFL (missing when no source of deaths was delivered), DTHDT, DTHDTC (text: what is known of
        the date), DTHDY (missing when the date is partial), DTHCAUS · DCUTDT (day of the cut-off) · the study file's
        characteristics · KEY. Dates are datetime64[s].

    Raises
    ------
    DataError
        The study delivers ADaM and ``adsl`` or a column of it is missing.

    Notes
    -----
    Randomised (RANDFL): dated by ``data_cut.included`` or treated, and the arm code does not mean not assigned; without
    the dataset of ``data_cut.included``, those whose arm code is that of an arm. Treated
    (SAFFL): at least one EX record with a dose (see `administrations`). A partial date counts as the earliest day it
    can mean, that of a death as the earliest that is not before the last dose or onset (see `deaths`).
    """
    if study.sources.model == "adam":
        return _delivered(datasets, study, cutoff)
    adsl = _with_arms(_demographics(datasets["dm"], study), datasets, study)
    given = administrations(datasets, adsl.set_index("USUBJID")["DOSE01A"], study.treatment)
    dead = deaths(datasets, given.groupby("USUBJID")["STARTDT"].max())
    adsl = _with_disposition(adsl, datasets, dead, study)
    omitted = omissions(datasets, adsl.set_index("USUBJID")["DOSE01A"], study.treatment)
    adsl = _with_treatment(adsl, given, dead, cutoff, omitted)
    adsl = _with_death(adsl, dead, is_told=tell_deaths(datasets))
    adsl["SITEGR1"] = pooled_site(adsl, study)
    adsl["EFFFL"] = efficacy_flags(adsl, datasets, study)
    adsl["PKFL"] = pharmacokinetic_flags(adsl, datasets, study.pharmacokinetics)
    adsl["DCUTDT"] = _cutoff_days(adsl, cutoff)
    return with_characteristics(adsl, datasets, study.characteristics).assign(KEY=record_keys("dm", adsl))


def _delivered(datasets: Datasets, study: Study, cutoff: str) -> pd.DataFrame:
    needed = [*ADSL_NEEDED, *(item.variable for item in study.characteristics)]
    adsl = delivered_dataset(datasets, "adsl", list(dict.fromkeys(needed)), ADSL_OPTIONAL)
    for label, number in (("TRT01P", "TRT01PN"), ("TRT01A", "TRT01AN")):
        adsl[number] = adsl[number].fillna(arm_numbers(adsl[label], study.treatment))
    adsl["AGE"] = _ages(adsl, study)
    adsl = adsl.assign(**entry_flags(adsl, datasets["adsl"], study.treatment))
    adsl["DOSE01A"] = adsl["DOSE01A"].fillna(arm_doses(adsl["TRT01A"], study.treatment))
    adsl["DTHDTC"] = adsl["DTHDTC"].fillna(adsl["DTHDT"].dt.strftime("%Y-%m-%d").astype("str"))
    adsl["DCUTDT"] = adsl["DCUTDT"].fillna(_cutoff_days(adsl, cutoff))
    return adsl


def _demographics(dm: pd.DataFrame, study: Study) -> pd.DataFrame:
    texts = {name: text_column(dm, name) for name in (*_TEXTS, "ARMNRS")}
    return pd.DataFrame({**texts, "AGE": _ages(dm, study)}).reset_index(drop=True)


def _ages(frame: pd.DataFrame, study: Study) -> pd.Series:
    return converted(number_column(frame, "AGE"), text_column(frame, "AGEU"), age_unit(study))


def _with_arms(dm: pd.DataFrame, datasets: Datasets, study: Study) -> pd.DataFrame:
    treatment = study.treatment
    doses = {arm.code: arm.dose for arm in treatment.arms}
    planned_dose = dm.set_index("USUBJID")["ARMCD"].map(doses).astype("float64")
    given = administrations(datasets, planned_dose, treatment)
    is_treated = dm["USUBJID"].isin(given["USUBJID"])
    included = study.data_cut.included
    randomised = look_up(dm["USUBJID"], randomisation_dates(datasets, included))
    treated = yes_no(is_treated) if "ex" in datasets else text_column(dm, "SAFFL")
    adsl = dm.assign(RANDDT=randomised, SAFFL=treated)
    is_known = randomised.notna() | is_treated
    if included.dataset not in datasets:
        is_known |= has_arm(dm, treatment)
    has_failed = dm["USUBJID"].isin(failed_screening(datasets, study.disposition))
    failures = screen_failures(dm, treatment, is_randomised=is_known, has_failed=has_failed)
    is_in = failures.eq("N") & is_known
    adsl["RANDFL"] = yes_no(is_in)
    is_untold = failures.eq("N") & ~is_in & dm["ARMNRS"].isna() & ("ds" not in datasets)
    adsl["SCRFFL"] = failures.mask(is_untold)
    adsl["TRT01P"] = planned_arms(dm, is_randomised=is_in, treatment=treatment)
    adsl["TRT01A"] = actual_arms(dm, adsl["TRT01P"], treatment, study.populations.actual_arm)
    adsl["TRT01PN"] = arm_numbers(adsl["TRT01P"], treatment)
    adsl["TRT01AN"] = arm_numbers(adsl["TRT01A"], treatment)
    return adsl.assign(DOSE01A=arm_doses(adsl["TRT01A"], treatment)).drop(columns="ARMNRS")


def _with_disposition(adsl: pd.DataFrame, datasets: Datasets, dead: pd.DataFrame, study: Study) -> pd.DataFrame:
    ends = study_ends(datasets, study.disposition, adsl.loc[adsl["RANDFL"].eq("Y"), "USUBJID"])
    known = end_of_study(adsl, ends, dead, study.disposition)
    if "ds" not in datasets:
        known["EOSSTT"] = pd.Series(index=adsl.index, dtype="str")
    return pd.concat([adsl, known], axis="columns")


def _with_treatment(
    adsl: pd.DataFrame, given: pd.DataFrame, dead: pd.DataFrame, cutoff: str, omitted: pd.Series
) -> pd.DataFrame:
    died = look_up(adsl["USUBJID"], dead["DTHDT"])
    ended = pd.concat([adsl["EOSDT"], died], axis="columns").min(axis="columns")
    dosed = with_ends(given, pd.Series(ended.to_numpy(), index=adsl["USUBJID"].to_numpy()), cutoff)
    summary = (
        treatment_summary(dosed)
        .join(dose_changes(dosed, omitted))
        .reindex(adsl["USUBJID"])
        .set_axis(adsl.index, axis="index")
    )
    return pd.concat([adsl, summary], axis="columns")


def _with_death(adsl: pd.DataFrame, dead: pd.DataFrame, *, is_told: bool) -> pd.DataFrame:
    found = dead.reindex(adsl["USUBJID"]).set_axis(adsl.index, axis="index")
    has_died = yes_no(adsl["USUBJID"].isin(dead.index)) if is_told else text_column(adsl, "DTHFL")
    day = study_day(date_part(found["DTHDTC"]), adsl["TRTSDT"])
    return adsl.assign(
        DTHFL=has_died, DTHDT=found["DTHDT"], DTHDTC=found["DTHDTC"], DTHDY=day, DTHCAUS=found["DTHCAUS"]
    )


def _cutoff_days(adsl: pd.DataFrame, cutoff: str) -> pd.Series:
    return date_part(pd.Series(cutoff, index=adsl.index, dtype="str"))
