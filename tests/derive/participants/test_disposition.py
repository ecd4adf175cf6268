"""End of study and deaths."""

from __future__ import annotations

import pytest

from cutbook.derive.participants.adsl import derive_adsl
from derive.cases import dates, numbers, small_study, table, texts

DS = "USUBJID DSSEQ DSCAT DSDECOD DSTERM DSSTDTC"
RANDOMISED = ("01", 1.0, "PROTOCOL MILESTONE", "RANDOMIZED", "RANDOMIZED", "2024-03-04")
EX = table("USUBJID EXSEQ EXTRT EXDOSE EXSTDTC", ("01", 1.0, "DRUG", 20.0, "2024-03-05"))


def end(decode, term="AS REPORTED", date="2024-06-01", number=9.0, category="DISPOSITION EVENT"):
    return ("01", number, category, decode, term, date)


def derived(*events, **datasets):
    dm = table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", None, None))
    known = {"dm": dm, "ds": table(DS, *events), "ex": EX, **datasets}
    return derive_adsl(known, small_study(disposition={"not_an_end": ["LAST VISIT"]}), "2024-12-31")


@pytest.mark.parametrize(
    ("events", "status", "reason", "date"),
    [
        ([], "ONGOING", None, None),
        ([end("LAST VISIT")], "ONGOING", None, None),
        ([end("COMPLETED", category="OTHER EVENT")], "ONGOING", None, None),
        ([end("COMPLETED")], "COMPLETED", None, "2024-06-01"),
        ([end("LOST TO FOLLOW-UP")], "DISCONTINUED", "LOST TO FOLLOW-UP", "2024-06-01"),
        ([end("DEATH", date="2024-07-01"), end("ADVERSE EVENT")], "DISCONTINUED", "ADVERSE EVENT", "2024-06-01"),
        ([end("ADVERSE EVENT", number=3.0), end("COMPLETED", number=2.0)], "COMPLETED", None, "2024-06-01"),
        ([end("SCREEN FAILURE", date="2024-02-01")], "ONGOING", None, None),
    ],
)
def test_the_study_ends_with_the_first_record_that_is_an_end(events, status, reason, date):
    adsl = derived(RANDOMISED, *events)
    assert texts(adsl["EOSSTT"]) == [status]
    assert texts(adsl["DCSREAS"]) == [reason]
    assert dates(adsl["EOSDT"]) == [date]


def test_a_death_that_disposition_does_not_tell_yet_is_the_end_of_the_study():
    dm = table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", "Y", "2024-04-01"))
    adsl = derived(RANDOMISED, dm=dm)
    assert texts(adsl["EOSSTT"]) == ["DISCONTINUED"]
    assert texts(adsl["DCSREAS"]) == ["DEATH"]
    assert dates(adsl["EOSDT"]) == ["2024-04-01"]


def test_a_screen_failure_has_no_status_and_the_reported_reason():
    dm = table("USUBJID ARMCD", ("02", "SCRNFAIL"))
    ds = table(DS, ("02", 1.0, "DISPOSITION EVENT", "SCREEN FAILURE", "FVC TOO LOW", "2024-02-01"))
    adsl = derive_adsl({"dm": dm, "ds": ds}, small_study(), "2024-12-31")
    assert texts(adsl["EOSSTT"]) == [""]
    assert texts(adsl["DCSREAS"]) == ["FVC TOO LOW"]


def test_without_disposition_the_status_is_unknown_and_not_ongoing():
    adsl = derive_adsl({"dm": table("USUBJID ARMCD", ("01", "LOW")), "ex": EX}, small_study(), "2024-12-31")
    assert texts(adsl["EOSSTT"]) == [None]


def test_a_subcategory_tells_the_end_of_the_study_from_the_end_of_treatment():
    ds = table(
        f"{DS} DSSCAT",
        (*RANDOMISED, None),
        (*end("ADVERSE EVENT", date="2024-04-01"), "STUDY TREATMENT"),
        (*end("COMPLETED"), "STUDY PARTICIPATION"),
    )
    study = small_study(disposition={"subcategory": "STUDY PARTICIPATION"})
    datasets = {"dm": table("USUBJID ARMCD", ("01", "LOW")), "ds": ds}
    assert texts(derive_adsl(datasets, study, "2024-12-31")["EOSSTT"]) == ["COMPLETED"]


DEAD = table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", "Y", "2024-04-25"))
UNDATED = table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", "Y", None))
DEATH = end("DEATH", "DIED AT HOME", "2024-04-26")
AE = "USUBJID AESEQ AEDECOD AEOUT AESDTH AEENDTC"
FATAL = table(AE, ("01", 1.0, "Respiratory failure", "FATAL", "Y", "2024-04-27"))
LETHAL = table(AE, ("01", 1.0, "Respiratory failure", None, "Y", None))
CAUSE = table("USUBJID DDTESTCD DDSTRESC", ("01", "PRCDTH", "PNEUMONIA"), ("01", "LOCDTH", "HOME"))


@pytest.mark.parametrize(
    ("events", "datasets", "flag", "date", "cause"),
    [
        ([], {}, "N", None, None),
        ([DEATH], {"dm": DEAD, "ae": FATAL, "dd": CAUSE}, "Y", "2024-04-25", "PNEUMONIA"),
        ([DEATH], {"dm": UNDATED, "ae": FATAL}, "Y", "2024-04-26", "Respiratory failure"),
        ([DEATH], {}, "Y", "2024-04-26", "DIED AT HOME"),
        ([], {"ae": FATAL}, "Y", "2024-04-27", "Respiratory failure"),
        ([], {"ae": LETHAL}, "Y", None, "Respiratory failure"),
        ([], {"dm": DEAD}, "Y", "2024-04-25", None),
    ],
)
def test_a_death_is_known_from_any_dataset_and_dated_by_the_first_that_has_it(events, datasets, flag, date, cause):
    adsl = derived(RANDOMISED, *events, **datasets)
    assert texts(adsl["DTHFL"]) == [flag]
    assert dates(adsl["DTHDT"]) == [date]
    assert texts(adsl["DTHCAUS"]) == [cause]


def test_the_day_of_death_counts_from_the_first_dose():
    assert derived(RANDOMISED, dm=DEAD)["DTHDY"].tolist() == [52.0]


DOSES = table(
    "USUBJID EXSEQ EXTRT EXDOSE EXSTDTC",
    ("01", 1.0, "DRUG", 20.0, "2017-07-11"),
    ("01", 2.0, "DRUG", 20.0, "2017-08-09"),
)


def dated(dm=None, ds=None, ae=None):
    """Return ADSL of a participant dosed last on 2017-08-09, with these dates of death in DM, DS and AE."""
    return derived(
        RANDOMISED,
        end("DEATH", date=ds),
        dm=table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", "Y", dm)),
        ae=table(AE, ("01", 1.0, "Respiratory failure", "FATAL", "Y", ae)),
        ex=DOSES,
    )


@pytest.mark.parametrize(
    ("in_dm", "in_ds", "in_ae", "day", "text", "study_day"),
    [
        ("2017-08", None, "2017-08-31", "2017-08-31", "2017-08-31", 52.0),
        ("2017-08", "2017-08-30T07:15", "2017-08-31", "2017-08-30", "2017-08-30", 51.0),
        ("2017-08-29", "2017-08-30", "2017-08-31", "2017-08-29", "2017-08-29", 50.0),
        (None, None, "2017-08-31", "2017-08-31", "2017-08-31", 52.0),
        ("2017-08", None, None, "2017-08-09", "2017-08", None),
        ("2017-08", "2017-09", "2017-10", "2017-08-09", "2017-08", None),
        ("--08-31", "2017-09", None, "2017-09-01", "2017-09", None),
        ("2017-02-30", "2017-09", None, "2017-09-01", "2017-09", None),
        ("2017-09", None, None, "2017-09-01", "2017-09", None),
        ("2017", None, None, "2017-08-09", "2017", None),
        ("2018", None, None, "2018-01-01", "2018", None),
        ("2017---08", None, None, "2017-09-08", "2017---08", None),
        ("2017---10", None, None, "2017-08-10", "2017---10", None),
        ("2017---31", None, None, "2017-08-31", "2017---31", None),
        ("2017-07", None, None, None, "2017-07", None),
        ("2016", None, None, None, "2016", None),
        ("--08-31", None, None, None, "--08-31", None),
        ("2017-02-30", None, None, None, None, None),
        (None, None, None, None, None, None),
    ],
)
def test_a_death_takes_a_complete_date_and_a_partial_one_is_never_before_the_last_dose(
    in_dm, in_ds, in_ae, day, text, study_day
):
    adsl = dated(in_dm, in_ds, in_ae)
    assert texts(adsl["DTHFL"]) == ["Y"]
    assert dates(adsl["DTHDT"]) == [day]
    assert texts(adsl["DTHDTC"]) == [text]
    assert numbers(adsl["DTHDY"]) == [study_day]


@pytest.mark.parametrize(
    ("onsets", "day"),
    [
        (["2017-08-26"], "2017-08-26"),
        (["2017-08-26", "2017-08-20"], "2017-08-26"),
        (["2017-08-26", "2017-09-02"], "2017-08-26"),
        (["2017-09-02"], "2017-08-09"),
        (["2017-07-01", "2017-08", None], "2017-08-09"),
    ],
    ids=["in the month", "the last one", "one after the month", "only after the month", "before, partial, missing"],
)
def test_a_partial_death_is_not_before_an_adverse_event_that_began_by_then(onsets, day):
    events = [("01", float(place), "Failure", "FATAL", "Y", "2017-08", onset) for place, onset in enumerate(onsets)]
    dm = table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", "Y", "2017-08"))
    adsl = derived(RANDOMISED, dm=dm, ae=table(f"{AE} AESTDTC", *events), ex=DOSES)
    assert dates(adsl["DTHDT"]) == [day]
    assert texts(adsl["DTHDTC"]) == ["2017-08"]


def test_a_partial_death_without_any_dose_counts_as_its_earliest_day():
    dm = table("USUBJID ARMCD DTHFL DTHDTC", ("01", "LOW", "Y", "2017-08"))
    adsl = derived(RANDOMISED, dm=dm, ex=EX[:0])
    assert dates(adsl["DTHDT"]) == ["2017-08-01"]
    assert texts(adsl["DTHDTC"]) == ["2017-08"]


def test_nobody_who_lives_has_a_date_of_death():
    adsl = derived(RANDOMISED)
    assert texts(adsl["DTHDTC"]) == [None]
    assert adsl["DTHDTC"].dtype == "str"
    assert adsl["DTHDT"].dtype == "datetime64[s]"


def test_treatment_without_an_end_stops_at_death():
    ex = table("USUBJID EXSEQ EXTRT EXDOSE EXDOSFRQ EXSTDTC", ("01", 1.0, "DRUG", 20.0, "QD", "2024-03-05"))
    adsl = derived(RANDOMISED, end("COMPLETED"), dm=DEAD, ex=ex)
    assert dates(adsl["TRTEDT"]) == ["2024-04-25"]
