"""The benchmarks run at a size of seconds, so that a change of what they call is seen at once."""

import json

import pytest

from benchmarks.cases import CASES
from benchmarks.lab import SIZES, Lab
from benchmarks.results import keep, written

ON_ONE_SERVER = "it measures; what it measures is tested elsewhere on each"


@pytest.fixture(scope="module")
def lab(server, tmp_path_factory):
    return Lab(server, SIZES["tiny"], tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("name", ["load", "network", "plans", "audit"])
def test_a_case_measures_and_is_told(name, lab, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOTKIT_HOME", str(lab.folder))
    case = CASES[name](lab)
    keep(tmp_path, name, case, lab.cluster, "in a test")
    written(tmp_path)
    told = (tmp_path / "RESULTS.md").read_text("utf-8")
    assert all(f"| {aim.what} |" in told for aim in case.aims)
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["cases"][name]["title"] == case.title
    assert case.measured or case.notes
    assert (tmp_path / f"{name}.svg").exists() == bool(case.growth)


def test_a_case_measured_again_takes_the_place_of_its_old_figures(lab, tmp_path):
    for _ in range(2):
        keep(tmp_path, "plans", CASES["plans"](lab), lab.cluster, "in a test")
    written(tmp_path)
    assert (tmp_path / "RESULTS.md").read_text("utf-8").count("phase_one, 300 generations") == 1
