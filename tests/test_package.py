"""What is installed: the public names, a light import, a wheel that works without the sources."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import shotkit

ROOT = Path(__file__).parent.parent
HEAVY = {
    "pandas",
    "pyarrow",
    "duckdb",
    "psycopg",
    "sqlalchemy",
    "pandera",
    "matplotlib",
    "rich",
    "numpy",
    "PIL",
}


def python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_public_names_are_pinned():
    assert shotkit.__all__ == [
        "ConfigurationError",
        "ConnectionLostError",
        "CouldNotCompleteError",
        "EmbeddedServerError",
        "InvalidChangeError",
        "Kit",
        "NotFoundError",
        "NotPermittedError",
        "QueryTimeoutError",
        "ReadOnlyError",
        "SchemaMismatchError",
        "ServerUnreachableError",
        "Shot",
        "ShotkitError",
        "StaleShotError",
        "StaleVariantsError",
        "WriteNotStoredError",
        "__version__",
        "connect",
        "plot",
        "widgets",
    ]
    assert all(getattr(shotkit, name) is not None for name in shotkit.__all__)


def test_every_error_says_a_way_out_by_default_and_has_an_exit_code_of_its_own_kind():
    for name in shotkit.__all__:
        kind = getattr(shotkit, name)
        if name.endswith("Error"):
            assert str(kind()).endswith(".")
            assert kind.exit_code in {2, 3}


@pytest.mark.parametrize("module", ["shotkit", "shotkit.cli", "shotkit.model", "shotkit.sql"])
def test_importing_it_loads_nothing_heavy(module):
    loaded = python(f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})")
    assert HEAVY & set(loaded.split()) == set()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_carries_every_statement_the_sample_and_the_notebooks(wheel):
    def below(folder: Path) -> set[str]:
        return {file.relative_to(folder).as_posix() for file in folder.rglob("*.sql")}

    assert below(wheel / "shotkit" / "_sql") == below(ROOT / "sql")
    assert list((wheel / "shotkit" / "demo").glob("*.jsonl"))
    assert {file.name for file in (wheel / "shotkit" / "_notebooks").iterdir()} >= {"01_explore.ipynb"}
    assert (wheel / "shotkit" / "py.typed").exists()
    assert {file.name for file in (wheel / "shotkit" / "audit" / "formats").iterdir()} >= {
        "page.css",
        "report.schema.json",
    }


def test_the_wheel_reads_its_own_statements(wheel):
    code = "from shotkit import sql; print(sql._root()); [sql.statement(p) for p in sql.names('load')]"
    assert python(code, PYTHONPATH=str(wheel)).strip() == str(wheel / "shotkit" / "_sql")
