from cutbook.report.page.contents import Entry, read_contents

BODY = """
<div class="prose"><h2 id="events">Events</h2></div>
<section class="display" id="T-1" aria-labelledby="T-1-title"><h3 id="T-1-title">One</h3> <a href="#T-1">T-1</a>
<details class="records" id="T-1.r"><summary>Records behind the counts</summary></details></section>
<details class="display figure" id="F-2"><summary>Two &amp; a half<small> F-2</small></summary>
<details><summary>Linear scale</summary></details></details>
<div class="prose"><h2 id="end">End</h2></div>
"""


def test_the_contents_have_every_display_open_or_closed_by_its_title_and_nothing_else_that_opens():
    shown = [Entry("T-1", "One", name="One"), Entry("F-2", "Two & a half", name="Two & a half")]
    assert read_contents(BODY) == [Entry("events", "Events", shown, "Events"), Entry("end", "End", name="End")]


def names_of(section: str, *titles: str) -> list[str]:
    displays = "".join(
        f'<section class="display" id="T-{number}"><h3 id="T-{number}-title">{title}</h3></section>'
        for number, title in enumerate(titles)
    )
    entries = read_contents(f'<div class="prose"><h2 id="s">{section}</h2></div>{displays}')[0].entries
    assert [entry.title for entry in entries] == list(titles)
    return [entry.name for entry in entries]


def test_a_line_of_the_contents_does_not_repeat_its_section_nor_the_line_above():
    assert names_of("Liver", "Liver: quadrants", "Liver function", "Spleen") == [
        "Quadrants",
        "Liver function",
        "Spleen",
    ]
    events = "Treatment-emergent adverse events"
    assert names_of("What happened", f"{events} by severity", f"Common {events.lower()}", f"{events} for the time") == [
        "TEAEs by severity",
        "Common TEAEs",
        "… for the time",
    ]
    assert names_of("After", "Adverse events that began", "Adverse events by days", "Adverse events") == [
        "Adverse events that began",
        "… by days",
        "Adverse events",
    ]
    assert names_of("ECG", "Electrocardiogram before: HR", "Electrocardiogram before: QT") == [
        "Electrocardiogram before: HR",
        "… QT",
    ]
