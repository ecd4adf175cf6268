"""The tabs of the strip: the other pages of the set, the participants of this report, and all cuts."""

from dataclasses import replace

from report.fake_project import FACTS

SET = replace(FACTS, report="safety", reports=("safety", "pharmacokinetics"), audience="unblinded")


def test_the_strip_leads_to_the_other_reports_the_participants_and_all_cuts():
    assert SET.tabs == (
        ("Safety", ""),
        ("PK", "pharmacokinetics.html"),
        ("Participants", "#L-P"),
        ("All cuts", "../../index-unblinded.html"),
    )


def test_the_page_beside_a_report_leads_to_the_participants_of_the_report():
    assert dict(replace(SET, is_beside=True).tabs)["Participants"] == "safety.html#L-P"
    assert replace(SET, reports=()).tabs == ()
