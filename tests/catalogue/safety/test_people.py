import pandas as pd

from cutbook.catalogue.safety import medication, people
from cutbook.results.engine import compute
from given import EVERY_DATASET, given_frames


def counts(results, group="TOTAL"):
    own = results[results["group"].eq(group) & results["statistic"].eq("n")]
    return dict(zip(zip(own["variable"], own["level"], strict=True), own["value"].astype(int), strict=True))


def computed(display, study, *, records=None, **frames):
    made = given_frames(study, delivered=EVERY_DATASET | {"cm", "mh", "dv", "ec", "pr"}, **frames)
    made._made |= {f"records {name}": frame for name, frame in (records or {}).items()}
    return compute(display, made, study)


def with_more(study):
    rules = study.populations.model_validate({"efficacy": [{"dataset": "lb", "where": {"LBTESTCD": "X"}}]})
    kinetics = (
        type(study)
        .model_validate(
            study.model_dump(exclude={"pharmacokinetics"}, by_alias=True)
            | {"pharmacokinetics": {"matrices": [{"specimen": "P", "testcd": "X", "label": "Plasma", "unit": "ng/mL"}]}}
        )
        .pharmacokinetics
    )
    return study.model_copy(update={"populations": rules, "pharmacokinetics": kinetics})


def test_everybody_randomised_is_in_a_population_or_has_a_reason(adsl, study):
    some = adsl.assign(
        SAFFL=["Y", "Y", "Y", "N", "N"], DOSE01A=[0, 0, 10, 10, None], PKFL=["N", "N", "N", "N", "N"],
        EFFFL=["Y", "N", "Y", "N", "N"],
    )  # fmt: skip
    found = counts(computed(people.populations, with_more(study), adsl=some))
    assert found == {
        ("RANDFL", ""): 4,
        ("SAFFL", ""): 3, ("SAFFL", "UNTREATED"): 1,
        ("PKFL", ""): 0, ("PKFL", "UNTREATED"): 1, ("PKFL", "CONTROL"): 2, ("PKFL", "NOVALUE"): 1,
        ("EFFFL", ""): 2, ("EFFFL", "UNTREATED"): 1, ("EFFFL", "NORESULT"): 1,
    }  # fmt: skip
    for flag in ("SAFFL", "PKFL", "EFFFL"):
        assert sum(number for (name, _), number in found.items() if name == flag) == found["RANDFL", ""]


def test_a_population_that_nothing_tells_is_no_zero(adsl, study):
    results = computed(people.populations, with_more(study), adsl=adsl.assign(PKFL=None, EFFFL="Y", DOSE01A=0))
    assert set(results.loc[results["variable"].eq("PKFL"), "reason"]) == {"not collected"}


def test_doses_are_told_missed_late_and_of_whom(dated, doses, study):
    plan = {"dose_days": [1, 15], "dose_windows": [0, 1]}
    planned = study.model_copy(update={"treatment": study.treatment.model_copy(update=plan)})
    late = doses.assign(ADY=doses["ADY"].mask(doses["USUBJID"].eq("4") & doses["DOSEOCC"].eq(2), 20))
    found = counts(computed(people.dosing, planned, adsl=dated, doses=late))
    assert {key: number for key, number in found.items() if key[0] != "TRTEND"} == {
        ("MISSED", ""): 0,
        ("LATE", ""): 1,
        ("LATE", "2"): 1,
        ("EARLY", ""): 0,
        ("LEFT", ""): 1,
        ("LEFT", "2"): 1,
    }


def test_treatment_was_completed_goes_on_or_was_left(dated, doses, study):
    found = counts(computed(people.dosing, study, adsl=dated.assign(DOSEN=[2, 1, 1, 2, None]), doses=doses))
    assert found == {("TRTEND", "COMPLETED"): 2, ("TRTEND", "ONGOING"): 1, ("TRTEND", "DISCONTINUED"): 1}


def test_a_study_without_a_number_of_doses_says_so(dated, doses, study):
    treatment = study.treatment.model_copy(update={"planned_doses": None})
    assert computed(people.dosing, study.model_copy(update={"treatment": treatment}), adsl=dated, doses=doses).empty


def test_deviations_and_history_count_participants_by_category_and_kind(adsl, study):
    dv = pd.DataFrame(
        {
            "USUBJID": ["1", "1", "3"],
            "DVCAT": ["MINOR", "MINOR", None],
            "DVDECOD": ["LATE VISIT", "LATE VISIT", "NO CONSENT"],
        }
    ).assign(KEY=lambda some: "dm/" + some["USUBJID"])
    found = counts(computed(medication.deviations, study, adsl=adsl, records={"dv": dv}))
    assert found == {
        ("DV", ""): 2, ("DVCAT", "MINOR"): 1, ("DVDECOD", "LATE VISIT"): 1,
        ("DVCAT", "Not coded"): 1, ("DVDECOD", "NO CONSENT"): 1,
    }  # fmt: skip


def test_medicines_after_a_procedure_are_shares_of_those_who_had_it(dated, doses, study):
    rescue = {"label": "Analgesics", "where": {"CMCLAS": ["ANALGESICS"]}}
    procedure = study.procedure.model_validate(study.procedure.model_dump() | {"medicines": rescue})
    taken = pd.DataFrame(
        {
            "USUBJID": ["1", "1", "3", "3"],
            "KEY": ["dm/1", "dm/1", "dm/3", "dm/3"],
            "CMCLAS": ["ANALGESICS", "VITAMINS", "ANALGESICS", "ANALGESICS"],
            "CONFL": "Y",
            "APROC": [1.0, 1.0, 2.0, 1.0],
            "APROCDY": [7.0, 0.0, 0.0, 8.0],
        }
    )
    done = doses.rename(columns={"DOSEOCC": "OCC"})
    results = computed(
        medication.after_procedure,
        study.model_copy(update={"procedure": procedure}),
        adsl=dated,
        medication=taken,
        procedures=done,
    )
    found = counts(results)
    assert {key: number for key, number in found.items() if key[0] == "BEGUN"} == {("BEGUN", "1"): 1, ("BEGUN", "2"): 1}
    assert (found["DONE1", ""], found["DONE2", ""]) == (4, 3)
