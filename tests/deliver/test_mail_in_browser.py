"""The mail opened in Chromium: wide and narrow, light and dark, with and without its pictures."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from cutbook.parameters.project import Project
from deliver.published import SENTENCES, publish
from deliver.test_mail import html, made

WIDE = {"width": 1200, "height": 900}
NARROW = {"width": 360, "height": 740}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a running Chromium; skip where there is none, fail where everything must be there."""
    api = pytest.importorskip("playwright.sync_api", exc_type=ImportError)
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed: .ci/run installs it")
    with api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield chromium
        chromium.close()


@pytest.fixture
def mail(study: Project) -> EmailMessage:
    """Return the mail of a set with a long headline."""
    publish(study.outputs, changes={"sentences": SENTENCES * 4})
    return made(study, "statistician", base_link="https://reports.example.org/a-rather-long-name-of-a-folder")


def pictured(message: EmailMessage) -> str:
    """Return the HTML of a mail with its pictures in place, as a mail program shows it."""
    words = html(message)
    for part in message.walk():
        if part.get_content_type() == "image/png":
            content = base64.b64encode(part.get_payload(decode=True)).decode()
            words = words.replace(f"cid:{part['Content-ID'][1:-1]}", f"data:image/png;base64,{content}")
    return words


def opened(browser: Any, file: Path, words: str, size: dict[str, int], scheme: str = "light") -> Any:
    file.write_text(words, encoding="utf-8")
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=True)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("has_pictures", [True, False])
def test_nothing_runs_out_of_the_window(
    browser: Any, tmp_path: Path, mail: EmailMessage, size: dict[str, int], has_pictures: bool
) -> None:
    words = pictured(mail) if has_pictures else html(mail)
    page = opened(browser, tmp_path / "mail.html", words, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("document.images.length") == 1
    assert page.evaluate("document.images[0].getBoundingClientRect().right") <= size["width"]


def test_the_signals_are_on_the_first_screen_of_a_phone(browser: Any, tmp_path: Path, mail: EmailMessage) -> None:
    page = opened(browser, tmp_path / "mail.html", html(mail), NARROW)
    assert page.evaluate("document.querySelector('.signal').getBoundingClientRect().bottom") < NARROW["height"]


@pytest.mark.parametrize(
    ("scheme", "background", "text"),
    [("light", "rgb(255, 255, 255)", "rgb(27, 31, 36)"), ("dark", "rgb(20, 24, 29)", "rgb(232, 234, 237)")],
)
def test_the_mail_is_light_or_dark_as_the_reader_has_it(
    browser: Any, tmp_path: Path, mail: EmailMessage, scheme: str, background: str, text: str
) -> None:
    page = opened(browser, tmp_path / "mail.html", html(mail), WIDE, scheme)
    style = "getComputedStyle(document.querySelector('.card'))"
    assert page.evaluate(f"{style}.backgroundColor") == background
    assert page.evaluate(f"{style}.color") == text


def test_without_its_style_sheet_the_mail_is_still_laid_out(browser: Any, tmp_path: Path, mail: EmailMessage) -> None:
    words = html(mail)
    bare = words[: words.index("<style>")] + words[words.index("</style>") + len("</style>") :]
    page = opened(browser, tmp_path / "mail.html", bare, WIDE)
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).maxWidth") == "390px"
