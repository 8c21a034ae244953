"""docs/reports.md names what there is: every form, cause and exit code; its commands can be given."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from shotkit.audit.causes import BECAUSE
from shotkit.audit.formats import github, page, picture, sarif
from shotkit.cli.audit import audit
from shotkit.cli.reports import FORMS

TEXT = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
COMMANDS = sorted(
    set(re.findall(r"^.*?shotkit audit((?: --[^|>#\n]*?)?)(?: 2>.*| \|\|.*)?$", TEXT, re.MULTILINE))
)


def test_every_form_and_cause_is_explained():
    assert re.findall(r"^\| `(\w+)` \| `r", TEXT, re.MULTILINE) == list(FORMS)
    assert re.findall(r"^\| `([a-z ]+)` \| [^`]", TEXT, re.MULTILINE) == list(BECAUSE)


def test_the_limits_are_those_of_the_code():
    limits = (
        f"{github.MOST} annotations of a level, {github.LISTED} findings in the summary, "
        f"{page.LISTED} findings of an audit, {page.DRAWN} shots and {picture.MOST} generations of a shot "
        f"in the page, {sarif.MOST:,} results in SARIF"
    )
    assert limits in " ".join(TEXT.split())


@pytest.mark.parametrize("options", [each for each in COMMANDS if each.strip()])
def test_a_command_of_the_page_can_be_given(options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert isinstance(audit.make_context("audit", shlex.split(options)), click.Context)


def test_the_workflow_is_yaml_and_writes_what_it_uploads():
    [workflow] = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    steps = yaml.safe_load(workflow)["jobs"]["audit"]["steps"]
    written = set(re.findall(r"--output (\S+)", "".join(step.get("run", "") for step in steps)))
    uploaded = " ".join(str(step.get("with", {})) for step in steps)
    assert {"audit.sarif", "audit.xml", "audit.html"} == written
    assert all(file in uploaded for file in written)
