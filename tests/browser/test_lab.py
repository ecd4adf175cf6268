from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from browser.conftest import WIDE
from browser.test_page import COUNTS, READ_ALL, first_cells, save, texts
from cutbook.parameters.project import find_project
from cutbook.published.folders import Place
from cutbook.report.explore import lab_command, lab_environment, prepare_exploration

pytestmark = pytest.mark.slow
RUN_LIMIT_S = 300
# Tables inside a display, as those of the courses of participants, have tools of their own.
OWN_TOOLS = ":scope > .cb-tools"
TRACKER = "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
TROUBLE = (
    '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"], '
    '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'
)
# The number before the first cell that has run.
HAS_RUN = (
    """() => [...document.querySelectorAll(".jp-InputPrompt")].some(({ textContent }) => /\\d/.test(textContent))"""
)
SAID = "(places) => places.map((one) => one.dataset.status ?? one.textContent.trim())"
# How elements of JupyterLab itself look: menu, files, toolbar, text of the notebook, code.
LOOKS = """() => {
  const kinds = /^(background|border|color|cursor|display|font|letter|line|list|margin|opacity|padding|text|white)/;
  const places = [".lm-MenuBar-item", ".jp-DirListing-item", ".jp-ToolbarButtonComponent", ".jp-RenderedMarkdown h1",
    ".jp-RenderedMarkdown p", ".jp-CodeCell .cm-content", "body"];
  return places.flatMap((place) => {
    const style = getComputedStyle(document.querySelector(place));
    return [...style].filter((name) => kinds.test(name)).map((name) => `${place} ${name}: ${style[name]}`);
  });
}"""
# The texts of one column of a listing, arm by arm.
COLUMN = """([id, heading]) => {
  const table = document.getElementById(id).querySelector("table");
  const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent.trim() === heading);
  const rows = [...table.querySelectorAll("tbody tr:not(.head)")];
  const arms = [...new Set(rows.map((row) => row.parentElement))];
  return arms.map((arm) => rows.filter((row) => row.parentElement === arm).map((row) => row.cells[column].textContent));
}"""
# The contrast of each text in some place with the ground behind it. The rules of accessibility take nothing in
# JupyterLab for visible, because its body has no height.
CONTRAST = """(place) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const light = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    const linear = [red, green, blue].map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return alpha ? 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] : null;
  };
  const ground = (node) => light(getComputedStyle(node).backgroundColor) ?? ground(node.parentElement);
  const hasText = (node) => [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  return [...document.querySelector(place).querySelectorAll("*")].filter(hasText).map((node) => {
    const [low, high] = [ground(node), light(getComputedStyle(node).color)].sort((one, other) => one - other);
    return [(high + 0.05) / (low + 0.05), node.outerHTML.slice(0, 80)];
  });
}"""


@dataclass
class Lab:
    """JupyterLab that serves a folder, and what its pages complained about."""

    address: str
    token: str
    page: Any
    complaints: list[str] = field(default_factory=list)
    looks: Any = None

    def run(self, notebook: str) -> None:
        """Open a notebook and run all its cells."""
        page = self.page
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.goto(f"{self.address}lab/tree/{notebook}?token={self.token}")
        for place in (".jp-DirListing-item", ".jp-RenderedMarkdown p", ".jp-CodeCell .cm-content"):
            page.locator(place).first.wait_for()
        self.looks = page.evaluate(LOOKS)
        self.begin()
        end = time.monotonic() + RUN_LIMIT_S
        # JupyterLab may make no output of a cell that is not in view, and does not always follow to the last one.
        while not page.locator(f"#end-of-report, {TROUBLE}").count():
            assert time.monotonic() < end, self.prompts()
            page.locator(".jp-WindowedPanel-outer").evaluate("panel => { panel.scrollTop = panel.scrollHeight; }")
            page.wait_for_timeout(500)
        assert page.locator(TROUBLE).all_inner_texts() == []

    def begin(self) -> None:
        """Choose to run all cells, again if the choice is lost on a kernel that says idle while it still connects."""
        for _ in range(3):
            self.page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
            self.choose("Run", "Run All Cells")
            end = time.monotonic() + 60
            while time.monotonic() < end:
                if self.page.evaluate(HAS_RUN):
                    return
                self.page.wait_for_timeout(200)
        raise AssertionError(f"no cell has run: {self.prompts()}")

    def prompts(self) -> str:
        """Return what stands before the cells, and what JupyterLab says of its kernel and asks in dialogs."""
        places = (".jp-InputPrompt", ".jp-Notebook-ExecutionIndicator", ".jp-Dialog")
        said = [self.page.locator(place).evaluate_all(SAID) for place in places]
        return " | ".join(" ".join(filter(None, one)) for one in said)

    def choose(self, *path: str) -> None:
        """Choose an entry of the menu."""
        menu, *between, last = path
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        for name in between:
            self.page.locator(".lm-Menu").get_by_text(name, exact=True).hover()
        self.page.locator(".lm-Menu").get_by_text(last, exact=True).click()

    def display(self, name: str) -> Any:
        """Return a display, open and in view, with its tools."""
        found = self.page.locator(f"[id='{name}']")
        found.evaluate("display => { display.open = true; display.scrollIntoView(); }")
        found.locator(".cb-tools").first.wait_for()
        return found

    def _hear(self, line: Any) -> None:
        # Code of JupyterLab has an address of its own; that of an output has the address of the notebook.
        if line.type in {"error", "warning"} and "/lab/tree/" in line.location["url"]:
            self.complaints.append(line.text)


def serve(folder: Path, account: Path, windowing: str) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """Start JupyterLab as the command line does, for an account with an empty home; only a test lets root do so."""
    (account / "tmp").mkdir(parents=True)
    settings = account / TRACKER
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": windowing}), encoding="utf-8")
    may_root = f"--ServerApp.allow_root={os.geteuid() == 0}"
    command = [may_root if "allow_root" in part else part for part in lab_command(folder)]
    own = {"HOME": str(account), "TMPDIR": str(account / "tmp"), "JUPYTERLAB_SETTINGS_DIR": str(account / "settings")}
    with (account / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--no-browser", "--ServerApp.port=0"],
            env=lab_environment(os.environ, folder) | own,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    file = account / f".local/share/jupyter/runtime/jpserver-{server.pid}.json"
    end = time.monotonic() + 60
    while not (file.is_file() and file.read_text(encoding="utf-8").endswith("}")):
        assert server.poll() is None, (account / "log").read_text(encoding="utf-8")
        assert time.monotonic() < end, (account / "log").read_text(encoding="utf-8")
        time.sleep(0.1)
    return server, json.loads(file.read_text(encoding="utf-8"))


def stop(server: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """End a server; return what of it is left, and end that as well."""
    processes = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    server.terminate()
    server.wait(30)
    left = psutil.wait_procs(processes, timeout=15)[1]
    for process in left:
        process.kill()
    return left


@pytest.fixture(scope="module")
def start(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a function that starts JupyterLab on a folder; nothing of it may be left at the end."""
    servers, contexts = [], []

    def started(folder: Path, windowing: str) -> Lab:
        server, about = serve(folder, tmp_path_factory.mktemp("account"), windowing)
        servers.append(server)
        contexts.append(browser.new_context(viewport=WIDE))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        return Lab(about["url"], about["token"], page)

    yield started
    for context in contexts:
        context.close()
    assert [left for server in servers for left in stop(server)] == []


@pytest.fixture(scope="module")
def explored(start: Any, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Return JupyterLab after all cells of the efficacy notebook ran, as the command line explores a cut."""
    assert (project / "data/tofersen/DBL").is_dir(), "make test generates the virtual trial"
    outputs = tmp_path_factory.mktemp("outputs")
    place = Place(outputs, "tofersen", "DBL", "unblinded")
    prepare_exploration(find_project(project), place, outputs / "work", is_unverified_allowed=False)
    lab: Lab = start(outputs / "work", "contentVisibility")
    lab.run("efficacy.ipynb")
    return lab


@pytest.fixture
def lab(explored: Lab) -> Iterator[Lab]:
    """Return the same JupyterLab, with the panel closed at the end; no test may make its outputs complain."""
    yield explored
    explored.page.evaluate("document.querySelector('dialog.cb-panel')?.close()")
    assert explored.complaints == []


@pytest.fixture(scope="module")
def copied(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what a notebook needs of the project when nothing is staged for it."""
    root = tmp_path_factory.mktemp("project")
    for part in ("notebooks", "parameters/tofersen", "data/tofersen/DBL", "data/tofersen/SL"):
        shutil.copytree(project / part, root / part)
    return root


def turn_to(page: Any, place: Any) -> None:
    """Choose the first cell, lest JupyterLab jumps back to the last, and go down until something is in view."""
    notebook = page.locator(".jp-WindowedPanel-outer")
    title = notebook.locator("h1").first
    end = time.monotonic() + 60
    while not notebook.locator(".jp-mod-active h1").count():
        assert time.monotonic() < end
        notebook.evaluate("panel => { panel.scrollTop = 0; }")
        page.wait_for_timeout(300)
        box = title.bounding_box() if title.is_visible() else None
        if box:
            page.mouse.click(box["x"] + 5, box["y"] + 5)
    while not place.is_visible():
        assert time.monotonic() < end
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(50)


def files(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if ".ipynb_checkpoints/" not in name}


def test_all_cells_run_without_complaint_and_jupyterlab_looks_as_before(lab):
    page = lab.page
    assert page.locator(".display").count() > 20
    assert sorted(set(page.evaluate(LOOKS)) ^ set(lab.looks)) == []


def test_a_count_opens_exactly_its_records(lab):
    count = lab.display("T-D2").locator("tr", has_text="Female").get_by_role("link").first
    number = count.inner_text().split("(")[0].strip()
    count.click()
    panel = lab.page.get_by_role("dialog")
    assert panel.locator("h2").inner_text().endswith("· Female · Placebo")
    assert len(first_cells(lab.page, ".cb-panel")) == int(number) > 0
    sex = texts(lab.page, ".cb-panel thead th").index("Sex") + 1
    assert set(texts(lab.page, f".cb-panel tbody tr > :nth-child({sex})")) == {"Female"}
    panel.locator("td a").first.click()
    assert "Slow vital capacity (% predicted) by visit" in texts(lab.page, ".cb-panel h3")


def test_every_count_opens_as_many_as_it_says(lab):
    folded = "[...document.querySelectorAll('details')].filter((one) => one.open)"
    opened = lab.page.evaluate_handle(folded)
    lab.page.evaluate(READ_ALL)
    counts = lab.page.evaluate(COUNTS)
    opened.evaluate("kept => document.querySelectorAll('details').forEach((one) => { one.open = kept.includes(one); })")
    assert len(counts) > 200
    assert [count for count in counts if count[1] not in count[2:]] == []


def test_the_keyboard_opens_records_and_the_notebook_stays_as_it_is(lab):
    page = lab.page
    cells = page.locator(".jp-Cell").count()
    lab.display("T-D2").locator("td a").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.cb-panel') !== null")
    page.keyboard.press("Escape")
    assert not page.locator(".cb-panel").is_visible()
    lab.display("L-P").locator(OWN_TOOLS).get_by_label("Filter rows").click()
    page.keyboard.type("abddx male")
    assert page.locator("[id='L-P']").locator(OWN_TOOLS).locator("output").inner_text() == "0 of 64 rows"
    page.keyboard.press("Escape")
    assert page.locator(".jp-Cell").count() == cells


def test_a_folded_listing_opens_filters_and_sorts(lab):
    page = lab.page
    page.locator("[id='L-P']").evaluate("display => { display.open = false; }")
    page.locator("[id='L-P'] > summary").click()
    listing = page.locator("[id='L-P']")
    tools = listing.locator(OWN_TOOLS)
    tools.get_by_label("Filter rows").fill("placebo")
    assert tools.locator("output").inner_text() == "12 of 64 rows"
    tools.get_by_label("Filter rows").fill("")
    before = page.evaluate(COLUMN, ["L-P", "Age (years)"])
    listing.get_by_role("button", name="Age (years)").click()
    after = page.evaluate(COLUMN, ["L-P", "Age (years)"])
    assert after != before
    assert after == [sorted(ages, key=int) for ages in before]


def test_tables_are_saved_as_csv(lab, tmp_path):
    lab.display("T-D2")
    lines = save(lab.page, "#T-D2 > .cb-tools button:text-is('CSV')", tmp_path).split("\r\n")
    assert lines[0].startswith("Section,")
    assert lines[0].startswith("Section,,Placebo,Placebo n,Placebo N,Placebo %,Tofersen 20 mg,")
    assert lines[1].startswith("Age (years),n,12,")
    shown, number, size, percent = next(csv.reader([line for line in lines if ",Female," in line]))[2:6]
    assert (shown, size) == ("", "12")
    assert float(percent) == pytest.approx(100 * int(number) / 12, abs=0.05)


def test_a_sentence_of_the_headline_leads_to_its_number(lab):
    page = lab.page
    address = page.url
    link = page.locator(".headline a").first
    link.click()
    place = link.evaluate("link => document.getElementById(link.hash.slice(1)).getBoundingClientRect().top")
    assert 0 < place < WIDE["height"]
    assert page.url == address


def test_labels_stand_left_and_every_other_row_is_as_plain_as_the_next(lab):
    display = lab.display("T-D2")
    assert display.locator("tbody th").first.evaluate("cell => getComputedStyle(cell).textAlign") == "left"
    grounds = display.evaluate(
        "display => [...display.querySelectorAll('tbody tr')].map((row) => getComputedStyle(row).backgroundColor)"
    )
    assert len(set(grounds)) == 1


def test_displays_can_be_read_in_the_dark_theme(lab):
    page = lab.page
    lab.choose("Settings", "Theme", "JupyterLab Dark")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    lab.display("T-D2").locator("td a").first.click()
    texts = {".banner": 2, ".headline": 6, "#T-D2": 6, "[id='L-P']": 6, "#T-F4-ALSFRST": 6, ".cb-panel": 6}
    for place, fewest in texts.items():
        read = page.evaluate(CONTRAST, place)
        assert len(read) >= fewest, place
        assert [one for one in read if one[0] < 4.5] == [], place
    ground = "node => getComputedStyle(node).backgroundColor"
    dark = page.locator(".jp-NotebookPanel-notebook").evaluate(ground)
    assert dark == page.locator(".cb-panel").evaluate(ground) != "rgb(255, 255, 255)"
    lab.choose("Settings", "Theme", "JupyterLab Light")


def test_the_notebooks_of_the_project_show_the_same_where_only_cells_in_view_are_attached(start, copied):
    before = files(copied)
    lab: Lab = start(copied, "full")
    lab.run("notebooks/safety.ipynb")
    page = lab.page
    cells = json.loads((copied / "notebooks/safety.ipynb").read_text(encoding="utf-8"))["cells"]
    assert page.locator(".jp-MarkdownCell").count() < sum(cell["cell_type"] == "markdown" for cell in cells)
    counts = page.evaluate(COUNTS)
    assert len(counts) > 100
    assert [count for count in counts if count[1] not in count[2:]] == []
    link = page.locator(".headline a").last
    turn_to(page, link)
    place = link.get_attribute("href").removeprefix("#")
    assert not page.locator(f"[id='{place}']").is_visible()
    link.click()
    page.locator(f"[id='{place}']").wait_for()
    display = page.locator(".display", has=page.locator(f"[id='{place}']"))
    display.locator(".cb-tools").first.wait_for()
    count = display.locator("td a:visible").first
    text = count.inner_text()
    count.click()
    assert page.get_by_role("dialog").locator("h2").inner_text().startswith(text)
    assert lab.complaints == []
    assert files(copied) == before


def test_the_root_of_a_project_serves_as_its_notebooks_folder_does(copied, tmp_path):
    code = (
        "from cutbook.parameters import check_parameters; from cutbook.notebook.report import load_cut;"
        "given = ('tofersen', 'DBL', '2019-03-15', 'DBL', 'SL', 1, 'reading', 'final', 'unblinded');"
        "print(load_cut(check_parameters(*given)).stamps['explored'])"
    )
    own = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copied, env=own, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("yes\n", "")
