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
    shown = [Entry("T-1", "One"), Entry("F-2", "Two & a half")]
    assert read_contents(BODY) == [Entry("events", "Events", shown), Entry("end", "End")]
