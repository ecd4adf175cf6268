import json
import tomllib

import pytest
import yaml

from container import copied_from_context, stages


@pytest.fixture
def build_and_run(project):
    """Return the instructions of the two stages."""
    return stages(project / "Dockerfile")


def said(stage, name):
    return [words for given, words in stage if given == name]


def test_every_file_that_the_image_is_built_from_is_there_and_reaches_the_builder(project, build_and_run):
    sources = [source for stage in build_and_run for source in copied_from_context(stage)]
    assert len(sources) == 9
    assert [source for source in sources if not (project / source).exists()] == []
    rules = [line for line in (project / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == sorted(sources)
    assert [rule for rule in rules[1:] if not rule.startswith(("!", "**/"))] == []


def test_the_image_runs_the_command_as_an_ordinary_user_in_the_project(project, build_and_run):
    run = build_and_run[-1]
    ((user,),) = said(run, "USER")
    ids = [int(part) for part in user.split(":")]
    assert min(ids) >= 1000
    (made,) = [words for words in said(run, "RUN") if words[0] == "useradd"]
    assert made[made.index("--uid") + 1] == str(ids[0])
    assert said(run, "WORKDIR") == said(run, "VOLUME") == [["/project"]]
    names = [name for name, _ in run]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name == "RUN")
    command = json.loads((project / "Dockerfile").read_text("utf-8").split("ENTRYPOINT ")[1].splitlines()[0])
    assert command == list(tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["scripts"])


def test_every_package_of_the_image_is_held_by_its_hash_or_is_cutbook_itself(build_and_run):
    installs = [words for stage in build_and_run for words in said(stage, "RUN") if words[3:4] == ["install"]]
    locked = [words[words.index("-r") + 1].split("/")[-1] for words in installs if "--require-hashes" in words]
    assert locked == ["requirements-installer.lock", "requirements.lock"]
    others = [words for words in installs if "--require-hashes" not in words]
    assert [words[-1].split("/")[-1] for words in others] == ["*.whl"]
    assert {"--no-deps", "--no-index"} <= set(others[0])


def test_the_image_and_conda_have_the_same_python(project, build_and_run):
    environment = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    (python,) = [line for line in environment["dependencies"] if str(line).startswith("python=")]
    images = [words[0] for stage in build_and_run for words in said(stage, "FROM")]
    assert images == [f"{python.replace('=', ':')}-slim"] * 2
