"""Whose a data folder is: ours, or an unprivileged user's where root runs shotkit, as PostgreSQL won't."""

import os
import shutil
import stat
from pathlib import Path
from typing import Any

from shotkit.errors import EmbeddedServerError

__all__ = ["as_owner", "hand_over", "make_private"]

_SERVER_USER = "nobody"  # exists everywhere; owns nothing but what root hands it
_PASS_THROUGH = 0o001
_OTHERS = 0o077


def as_owner() -> dict[str, Any]:
    """Return the keywords with which `subprocess` starts a tool as the data folder's owner."""
    if not _is_root():
        return {}
    user, group = _server_user()
    return {"user": user, "group": group, "extra_groups": []}


def hand_over(folder: Path, *reachable: Path) -> None:
    """Give `folder` to its owner, who may pass through, but not list, what leads to it and to `reachable`."""
    if not _is_root():
        return
    shutil.chown(folder, *_server_user())
    for end in (folder, *reachable):
        for parent in (end.resolve() / "inside").parents[1:]:
            mode = parent.stat().st_mode
            if not mode & _PASS_THROUGH:
                parent.chmod(stat.S_IMODE(mode) | _PASS_THROUGH)


def make_private(folder: Path) -> None:
    """Make `folder` for the owner alone; refuse one that somebody else put there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        owner = _server_user()[0] if _is_root() else os.getuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & _OTHERS:
            raise EmbeddedServerError(f"{folder} is not private to the server; remove it.") from None
    else:
        if _is_root():
            shutil.chown(folder, *_server_user())


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _server_user() -> tuple[int, int]:
    import pwd  # noqa: PLC0415  not on Windows

    account = pwd.getpwnam(_SERVER_USER)
    return account.pw_uid, account.pw_gid
