"""Everything in the README is executed."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def lines(command: str) -> list[list[str]]:
    split = (shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines())
    return [words for words in split if words and words[0] == command]


def test_the_first_screen_has_a_picture_and_two_commands():
    first_screen = README.splitlines()[:25]
    assert any(line.startswith("![") for line in first_screen)
    assert lines("make") == [["make", "demo"], ["make", "test"]]


@pytest.mark.parametrize("words", lines("make"), ids=" ".join)
def test_a_make_command_of_the_readme_is_a_target(words):
    done = subprocess.run([*words, "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_installation_says_first_that_it_takes_its_time():
    told = ["make", "--dry-run", "--always-make", "demo"]
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True)
    said, installed = (
        done.stdout.index("takes a few minutes the first time"),
        done.stdout.index("pip install"),
    )
    assert said < installed


@pytest.mark.parametrize("word", ["kit.sql", "kit.store", "kit.upload"])
def test_what_no_line_of_the_readme_runs_is_on_a_page_it_links_to(word):
    pages = [(ROOT / page).read_text("utf-8") for page in re.findall(r"\]\((docs/\w+\.md)\)", README)]
    assert any(f"`{word}" in page or f"\n{word}(" in page for page in pages)


def test_every_command_of_the_readme_runs(demo, shotkit_command):
    for words in lines("shotkit"):
        done = shotkit_command(*words[1:])
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        assert done.stdout


def test_the_python_of_the_readme_runs(demo, shotkit_command):
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\nassert report.ok"],
        env=shotkit_command.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_what_a_page_links_to_is_there(file):
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / file).read_text("utf-8"))
    assert [link for link in links if not link.startswith("https:") and not (ROOT / link).exists()] == []
