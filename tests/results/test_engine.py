from cutbook.catalogue import DISPLAYS, endpoints
from cutbook.catalogue.models import ancova
from cutbook.results.engine import compute_all
from cutbook.results.table import KEY_COLUMNS
from given import given_frames, results_of


def test_a_display_of_which_the_study_file_names_nothing_has_no_rows(adsl, study):
    for display in (endpoints.ratios, endpoints.changes, ancova.comparisons, endpoints.change_courses):
        assert results_of(display, study, adsl=adsl).empty


def test_displays_that_share_a_key_share_no_row_where_the_study_file_names_nothing(adsl, study):
    shown = [display for display in DISPLAYS if display.key in {"F1", "F2", "F4", "E2", "E3"}]
    results = compute_all(shown, given_frames(study, adsl=adsl), study)
    assert not results.duplicated(list(KEY_COLUMNS)).any()
