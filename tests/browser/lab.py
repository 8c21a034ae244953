"""One real JupyterLab for the run: a port and a token of its own, and nothing of the user's settings."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

__all__ = ["Lab", "jupyter_lab"]

_PATIENCE = 60.0  # seconds
_PAUSE = 0.05
_OTHERS = ("PG", "SHOTKIT", "JUPYTER")
_OPTIONS = {
    "ServerApp.port": "0",
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.open_browser": "False",
    "ServerApp.allow_root": "True",
    "LabApp.expose_app_in_browser": "True",  # so that tests can give commands as the menus do
    "JupyterNotebookApp.expose_app_in_browser": "True",  # Notebook 7 stands on the same server
    "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "LabApp.news_url": "",
    "LabApp.extension_manager": "readonly",
}
_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "codemirror-extension/plugin": {"defaultConfig": {"cursorBlinkRate": 0}},
}
# The debugger asks each kernel for its state, and logs an error where the kernel restarts meanwhile.
_PAGE = {
    "disabledExtensions": {"@jupyterlab/debugger-extension": True},
    "buildCheck": False,
    "buildAvailable": False,
}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab and the folder of its notebooks."""

    url: str
    token: str
    folder: Path


@contextmanager
def jupyter_lab(shotkit_home: Path) -> Iterator[Lab]:
    """Let `shotkit lab` start JupyterLab, with all its folders apart from the user's."""
    token = token_hex(16)
    options = [f"--{name}={value}" for name, value in (_OPTIONS | {"IdentityProvider.token": token}).items()]
    with tempfile.TemporaryDirectory(prefix="shotkit-lab-") as folder, Path(folder, "log").open("w") as log:
        home = Path(folder)
        _settle(home)
        server = subprocess.Popen(
            [sys.executable, "-m", "shotkit", "lab", "--folder", str(home / "notebooks"), *options],
            env=_environment(home) | {"SHOTKIT_HOME": str(shotkit_home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
        )
        try:
            yield Lab(_url(server, home), token, home / "notebooks")
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return kept | {name: str(home / name.lower()) for name in names} | {"HOME": str(home)}


def _settle(home: Path) -> None:
    labconfig = home / "jupyter_config_dir/labconfig/page_config.json"
    labconfig.parent.mkdir(parents=True)
    labconfig.write_text(json.dumps(_PAGE))
    for name, settings in _SETTINGS.items():
        file = home / "jupyter_config_dir/lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))


def _url(server: "subprocess.Popen[bytes]", home: Path) -> str:
    """Wait until it answers: it writes its address when it listens."""
    file = home / "jupyter_runtime_dir" / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + _PATIENCE
    while not (file.exists() and file.read_text()):  # it is there before it is written
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"JupyterLab did not start:\n{(home / 'log').read_text()}")
        time.sleep(_PAUSE)
    return f"http://127.0.0.1:{json.loads(file.read_text())['port']}"
