"""What a mail says, and how it is built."""

from __future__ import annotations

import email
import email.policy
import json
import re
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from cutbook.deliver.message.announcement import Announcer
from cutbook.deliver.message.mail import Letter, message_bytes
from cutbook.deliver.message.pages import read_figures, small_picture
from cutbook.deliver.roles import addressee
from cutbook.errors import BlindingError, DeliveryError, ParameterError
from cutbook.parameters.project import Project
from cutbook.published.sets import current_set, read_set
from deliver.published import COMPLETENESS, PARTICIPANTS, dispatch, page, picture, publish, recipients, write_recipients

LARGEST_BODY_BYTES = 90_000
"""Above this, mail programs cut a message off."""

_SERIOUS = "three participants with a first serious event"
_NEW: dict[str, Any] = {"is_new": True}
NEWS: list[dict[str, Any]] = [
    _NEW | {"lead": "Two deaths on demo:", "text": "60 mg, day 137.", "kind": "death"},
    _NEW | {"lead": "Three participants:", "text": "dyspnoea (60 mg).", "kind": "serious"},
    _NEW | {"lead": "White cells rise with dose:", "text": "above 5/µL.", "kind": "limit"},
    {"text": "Nobody stopped.", "kind": "rest"},
]
NEWS[0] |= {"brief": "2 deaths", "finding": "two deaths"}
NEWS[1] |= {"brief": "3 serious", "finding": _SERIOUS}
NEWS[2] |= {"brief": "White cells", "finding": "white cells rise with dose"}
DOTS = {
    "title": "White cells ever above 5/µL",
    "more": "above 10/µL",
    "rows": [
        {"words": "Placebo", "n": 0, "N": 12, "n_more": 0},
        {"words": "20 mg", "n": 1, "N": 4, "n_more": 0},
        {"words": "100 mg", "n": 3, "N": 4, "n_more": 2},
    ],
}


def made(
    project: Project, reader: str = "monitor", audience: str = "unblinded", title: str = "Demonstration", **changes: Any
) -> EmailMessage:
    """Return the message that a reader gets of the current set, parsed."""
    return _parse(raw(project, reader, audience, title, **changes))


def raw(
    project: Project, reader: str = "monitor", audience: str = "unblinded", title: str = "Demonstration", **changes: Any
) -> bytes:
    listed = recipients(**changes)
    for role in ("monitor", "statistician"):
        listed["roles"][role]["classes"] = [audience]
    write_recipients(project.root, listed)
    here = dispatch(project, title=title)
    published = current_set(here.outputs, "demo", "C1", audience)
    assert published is not None
    person = addressee(here.recipients, f"{reader}@example.org", audience, ["safety", "efficacy"], here.today)
    announcer = Announcer(here, published)
    return announcer.message(announcer.mail(person), person)[0]


def _parse(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def published(study: Project) -> Project:
    publish(study.outputs)
    return study


def test_the_subject_says_study_cut_and_class_and_counts_signals_of_an_older_headline(published: Project) -> None:
    assert made(published)["Subject"] == "Demo C1: 1 signal · UNBLINDED · synthetic"


@pytest.mark.parametrize(
    ("sentences", "subject", "finding"),
    [
        (
            NEWS,
            "Demo C1: 2 deaths, 3 serious · UNBLINDED · synthetic",
            "Two deaths and three participants with a first serious event since C0; white cells rise with dose",
        ),
        (NEWS[2:], "Demo C1: White cells · UNBLINDED · synthetic", "White cells rise with dose"),
        (NEWS[3:], "Demo C1: nothing new since C0 · UNBLINDED · synthetic", "Safety: review"),
    ],
    ids=["deaths", "a limit", "nothing new"],
)
def test_the_subject_holds_the_news_in_forty_signs_and_the_title_says_it_in_words(
    study: Project, sentences: list[dict[str, Any]], subject: str, finding: str
) -> None:
    publish(study.outputs, changes={"sentences": sentences, "signals": [], "title": "Safety: review"})
    message = made(study)
    assert message["Subject"] == subject
    assert re.findall("<h1[^>]*>(.*)</h1>", html(message)) == [finding]
    assert finding in text(message).splitlines()


def test_news_name_the_previous_cut_though_its_report_is_not_published(study: Project) -> None:
    publish(study.outputs, changes={"sentences": NEWS, "signals": [], "is_compared": False})
    assert "first serious event since C0; white cells" in text(made(study))


def test_what_is_new_stands_in_the_box_and_is_the_preview_and_the_rest_below(study: Project) -> None:
    publish(study.outputs, changes={"sentences": NEWS, "signals": []})
    message = made(study)
    told = text(message)
    assert told.index("! Two deaths on demo: 60 mg, day 137.") < told.index("ALSO") < told.index("- Nobody stopped.")
    shown = html(message)
    assert "Two deaths on demo: 60 mg, day 137." in shown.split('class="card"')[0].split("display:none")[1]
    box = shown.split('class="signal"')[1].split("</div>")[0]
    assert "<strong>Three participants:</strong>" in box
    assert "… and 1 more in the reports." in box
    assert "Nobody stopped." not in box


def test_the_dots_are_one_a_participant_in_both_parts_of_the_mail(study: Project) -> None:
    publish(study.outputs, changes={"sentences": NEWS, "signals": [], "dots": DOTS})
    message = made(study)
    told = text(message).splitlines()
    at = told.index("White cells ever above 5/µL (● above 10/µL)")
    assert told[at + 1 : at + 4] == [
        "Placebo  ○○○○○○○○○○○○  0 of 12",
        "20 mg    ◐○○○  1 of 4",
        "100 mg   ●●◐○  3 of 4",
    ]
    rows = html(message).split('class="dots"')[1].split("</table>")[0].split("</tr>")[:3]
    assert [row.count("●") for row in rows] == [12, 4, 4]
    assert re.findall('class="([a-z]+)"[^>]*>(●+)<', rows[2]) == [("more", "●●"), ("beyond", "●"), ("within", "●")]


def test_a_large_arm_is_told_in_numbers_without_dots(study: Project) -> None:
    row = {"words": "Placebo", "n": 3, "N": 200, "n_more": 0}
    publish(study.outputs, changes={"dots": {**DOTS, "rows": [row]}})
    assert "Placebo  3 of 200" in text(made(study)).splitlines()


def test_dots_beyond_the_participants_of_an_arm_make_no_mail(study: Project) -> None:
    row = {"words": "Placebo", "n": 3, "N": 2, "n_more": 0}
    publish(study.outputs, changes={"dots": {**DOTS, "rows": [row]}})
    with pytest.raises(DeliveryError, match="n_more ≤ n ≤ N"):
        made(study)


def test_a_set_without_signals_is_not_urgent(study: Project) -> None:
    publish(study.outputs, changes={"signals": []})
    message = made(study)
    assert message["Subject"] == "Demo C1: nothing new since C0 · UNBLINDED · synthetic"
    assert "Nothing new since C0 changes a conclusion." in text(message)
    assert message["Importance"] is None
    assert made(study, "statistician")["Importance"] is None


@pytest.mark.parametrize("words", [text, html])
def test_the_digest_holds_headline_change_and_data_and_neither_hash_nor_path(published: Project, words: Any) -> None:
    told = words(made(published))
    for line in (
        "20 of 48 participants (41.7 %) had headache.",
        "(+2 since cut C0)",
        "2 participants more with a serious adverse event since cut C0.",
        COMPLETENESS[0],
        "UNBLINDED · FINAL · SYNTHETIC",
        "Safety review",
        "30 Jun 2024",
    ):
        assert line in told
    assert not re.search("[0-9a-f]{12}", told)
    assert "outputs/" not in told
    assert "revisions" not in told
    assert "nowrap" not in told


def test_hashes_of_manifest_and_ledger_are_headers(published: Project) -> None:
    message = made(published)
    manifest = read_set((published.outputs / "demo/C1/unblinded").resolve()).sha256
    assert message["X-Cutbook-Manifest"].strip() == manifest
    assert message["X-Cutbook-Ledger"]


def test_several_reports_share_one_screen_and_each_says_something(study: Project) -> None:
    publish(study.outputs, changes={"sentences": [{"text": f"Sentence {number}."} for number in range(8)]})
    told = text(made(study, "statistician"))
    assert [line for line in told.splitlines() if line.startswith("- ")] == [
        "- Sentence 0.",
        "- 20 of 48 participants (41.7 %) had headache. (+2 since cut C0)",
        "- Sentence 1.",
    ]


def test_a_reader_is_told_of_their_own_reports_only(published: Project) -> None:
    assert "efficacy" not in text(made(published)).lower()
    assert "efficacy" in text(made(published, "statistician")).lower()


def test_pages_are_attached_where_the_role_says_so_and_they_fit(published: Project) -> None:
    attached = [part.get_filename() for part in made(published).iter_attachments()]
    assert attached == ["demo-C1-r1-safety.html"]
    assert [part.get_filename() for part in made(published, "statistician").iter_attachments()] == []


def test_an_attached_page_is_the_published_one(published: Project) -> None:
    (part,) = made(published).iter_attachments()
    assert part.get_content_type() == "text/html"
    assert part.get_payload(decode=True) == page("safety")


def test_what_lies_beside_a_page_is_attached_with_it_and_counts_for_the_size(study: Project) -> None:
    publish(study.outputs, beside="<p>tables</p>")
    message = made(study)
    files = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert files == {"demo-C1-r1-safety.html": page("safety"), "demo-C1-r1-safety.tables.html": b"<p>tables</p>"}
    assert "Attached: safety.html with safety.tables.html," in text(message)
    listed = recipients()
    listed["roles"]["monitor"]["max_attachment_bytes"] = str(len(page("safety")))
    assert list(made(study, roles=listed["roles"]).iter_attachments()) == []


def test_pages_that_do_not_fit_are_said_where_they_are(published: Project) -> None:
    listed = recipients()
    listed["roles"]["monitor"]["max_attachment_bytes"] = "10"
    message = made(published, roles=listed["roles"])
    assert list(message.iter_attachments()) == []
    assert "Published: safety; study demo, cut C1, revision 1." in text(message)


def test_with_a_base_link_sentences_lead_to_their_cell(published: Project) -> None:
    message = made(published, base_link="https://reports.example.org/cutbook/")
    place = "https://reports.example.org/cutbook/demo/C1/revisions/unblinded-r1-20261122T050000Z-00000001/safety.html"
    assert f'href="{place}#D5-1a2b3c4d5e"' in html(message)


def test_an_unblinded_mail_holds_a_place_and_no_results_unless_the_file_says_otherwise(
    published: Project,
) -> None:
    message = made(published, "monitor", unblinded_mail="location")
    for told in (text(message), html(message)):
        for line in ("headache", "12345", "serious", "since cut C0"):
            assert line not in told
        assert "Published: safety; study demo, cut C1, revision 1." in told
        assert "1 signal in the reports; open them to read." in told
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
    ]


def test_one_figure_is_a_small_picture_that_carries_its_width(published: Project) -> None:
    message = made(published, "statistician", figures={"safety": ["F-D15"], "efficacy": ["F-D15"]})
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<figure1>"
    assert re.findall('<img src="([^"]*)" alt="([^"]*)" width="([0-9]+)"', html(message)) == [
        ("cid:figure1", "safety: Mean course &amp; limits", "358")
    ]
    assert len(picture.get_payload(decode=True)) < 40_000


def test_the_figure_is_of_another_report_than_the_dots(study: Project) -> None:
    publish(study.outputs, changes={"dots": DOTS})
    figures = {"safety": ["F-D15"], "efficacy": ["F-D15"]}
    assert "<img" not in html(made(study, figures=figures))
    assert 'alt="efficacy: Mean course' in html(made(study, "statistician", figures=figures))


def test_the_picture_of_a_drawing_is_the_one_to_be_saved_beside_it() -> None:
    drawn = page("safety").replace(
        b'<img src="data:image/png', b'<svg></svg><a download="F-D15.png" href="data:image/png'
    )
    assert read_figures(drawn, ["F-D15"]).figures == read_figures(page("safety"), ["F-D15"]).figures


def test_a_closed_figure_has_its_title_without_its_number_and_no_picture_of_another_one() -> None:
    whole = page("safety")
    picture_of = re.search(rb"<img[^>]*>", whole)
    assert picture_of
    closed = (
        b'<details class="display figure" id="F-A"><summary>Above<small> F-A</small></summary></details>'
        b'<details class="display figure" id="F-B"><summary>Below<small> F-B</small></summary>'
        b"<details><summary>Linear scale</summary></details>" + picture_of[0] + b"</details>"
    )
    assert list(read_figures(closed, ["F-A"]).figures) == []
    assert read_figures(closed, ["F-B"]).figures["F-B"][0] == "Below"


def test_a_figure_that_the_page_does_not_have_is_left_out() -> None:
    assert list(read_figures(page("safety"), ["F-none", "F-D15"]).figures) == ["F-D15"]


def test_a_picture_is_made_small_and_loses_what_is_written_in_it() -> None:
    small = small_picture(picture(3000, 1500))
    assert small is not None
    with Image.open(BytesIO(small)) as image:
        assert (image.size, image.info.get("transparency")) == ((1400, 700), None)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nnot", b"GIF89a"])
def test_what_is_no_picture_is_left_out(content: bytes) -> None:
    assert small_picture(content) is None


def test_the_body_stays_below_what_mail_programs_cut_off(study: Project) -> None:
    sentence = {"text": "<&\"'é" * 200, "link": "D5-1a2b3c4d5e", "change": "x" * 500}
    signal = {"kind": "serious", "text": "ß" * 500}
    changes = {
        "sentences": [sentence] * 500,
        "signals": [{**signal, "text": f"{number}{'ß' * 500}"} for number in range(500)],
        "completeness": [f"{number} {'µ' * 500}" for number in range(500)],
    }
    publish(study.outputs, changes=changes)
    message = made(study, "statistician", base_link="https://reports.example.org")
    parts = [part.as_bytes() for part in message.walk() if part.get_content_maintype() == "text"]
    assert sum(len(part) for part in parts) < LARGEST_BODY_BYTES
    assert re.search(r"… and \d+ more in the reports\.", text(message))


def test_the_mail_needs_neither_script_nor_anything_from_outside(published: Project) -> None:
    told = html(made(published))
    assert "<script" not in told
    assert "http" not in told
    assert "url(" not in told
    assert "@import" not in told


def test_collected_text_is_shown_as_text(study: Project) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)>\u2028next\x1b[2J"
    publish(study.outputs, changes={"sentences": [{"text": hostile, "link": '"><b>', "change": "<b>"}]})
    message = made(study, base_link="https://reports.example.org")
    assert "<script" not in html(message)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html(message)
    assert "<b>" not in html(message)
    assert "\x1b" not in text(message)


@pytest.mark.parametrize("name", PARTICIPANTS)
@pytest.mark.parametrize("part", ["sentences", "signals", "completeness"])
def test_a_mail_that_would_name_a_participant_is_not_made(study: Project, part: str, name: str) -> None:
    line = f"Serious event of {name}."
    values = {
        "sentences": [{"text": line, "link": "", "change": ""}],
        "signals": [{"kind": "serious", "text": line}],
        "completeness": [line],
    }
    publish(study.outputs, changes={part: values[part]})
    with pytest.raises(BlindingError, match="identifiers of 1 participants") as raised:
        made(study)
    assert name not in str(raised.value)


def test_ids_are_the_same_every_time_and_tell_neither_host_nor_class(published: Project) -> None:
    first, again = made(published), made(published)
    assert first["Message-ID"] == again["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", first["Message-ID"])
    assert first["Message-ID"] != made(published, "statistician")["Message-ID"]


def test_the_same_message_has_the_same_bytes(published: Project) -> None:
    assert raw(published) == raw(published)


def test_mails_of_a_study_and_class_are_one_thread(study: Project) -> None:
    publish(study.outputs)
    first = made(study)
    publish(study.outputs, audience="blinded", run="20261122T050000Z-00000003")
    other = made(study, audience="blinded")
    publish(study.outputs, revision=2, run="20261122T050000Z-00000002", results="others")
    second = made(study)
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert first["References"] != other["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_a_new_revision_says_which_it_replaces(study: Project) -> None:
    publish(study.outputs)
    publish(study.outputs, revision=2, run="20261122T050000Z-00000002", results="others")
    message = made(study)
    assert message["Subject"] == "Demo C1 r2: 1 signal · UNBLINDED · synthetic · replaces r1"
    assert "Replaces revision 1." in text(message)


def test_a_reader_can_ask_to_be_left_out(published: Project) -> None:
    message = made(published)
    assert message["List-Unsubscribe"] == "<mailto:operations@example.org?subject=unsubscribe%20demo>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [header for header in ("Cc", "Bcc", "Reply-To") if message[header]] == []


@pytest.mark.parametrize("title", ["A\r\nBcc: x@example.org", "A\nB", "=?utf-8?q?=0A?=", "A%0aB", "A\u2028B"])
def test_a_title_that_could_change_a_header_makes_no_mail(published: Project, title: str) -> None:
    with pytest.raises(ParameterError, match="one line of plain text"):
        made(published, title=title)


@pytest.mark.parametrize("name", ["a\r\nb.html", "=?utf-8?q?=0A?=", "a%0Ab.html"])
def test_a_file_name_that_could_change_a_header_makes_no_mail(published: Project, name: str) -> None:
    letter = Letter("<a@example.org>", "subject", "text", "<p>text</p>", attachments=[(name, b"page")])
    with pytest.raises(ParameterError):
        message_bytes(dispatch(published), ("Monitor", "monitor@example.org"), letter, "2026-11-22T06:00:00Z")


def test_a_page_that_is_not_the_published_one_is_not_mailed(published: Project) -> None:
    (published.outputs / "demo/C1/unblinded/safety.html").write_text("other", encoding="utf-8")
    with pytest.raises(DeliveryError, match="another SHA-256"):
        made(published)


def test_a_headline_that_is_not_the_published_one_is_not_mailed(published: Project) -> None:
    (published.outputs / "demo/C1/unblinded/safety.headline.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DeliveryError, match="another SHA-256"):
        made(published)


def test_a_set_without_headlines_is_announced_without(study: Project) -> None:
    folder = publish(study.outputs)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"] = [item for item in manifest["outputs"] if not item["file"].endswith(".headline.json")]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    message = made(study)
    assert message["Subject"] == "Demo C1: reports · UNBLINDED · synthetic"
    assert "Published: safety; study demo, cut C1, revision 1." in text(message)
