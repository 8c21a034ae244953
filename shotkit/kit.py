"""The first thing in a notebook: connect, see what there is, take a shot in the hand."""

from functools import partial
from typing import TYPE_CHECKING, Any, Self

from shotkit import load
from shotkit.checks import Checks
from shotkit.engine import home, query
from shotkit.errors import ConfigurationError, NotFoundError
from shotkit.generation import Generation
from shotkit.given import as_flag, as_path, plain, required_id
from shotkit.journal import Journal, history, script, settle_unknown
from shotkit.listing import Listing
from shotkit.model.tables import frame
from shotkit.mutate import Change, create_shot
from shotkit.schema.ready import open_ready
from shotkit.session import Session
from shotkit.shot import Shot
from shotkit.storage import open_store
from shotkit.undo import redo, undo
from shotkit.writes import write_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import pandas as pd

    from shotkit.engine import Database, Snapshot
    from shotkit.journal import Entry
    from shotkit.storage import Store
    from shotkit.upload import Files

__all__ = ["Kit", "connect"]


def connect(  # noqa: PLR0913  each is a keyword that says whom to act as, and how
    url: "str | Path | None" = None,
    *,
    user_id: str | None = None,
    role: str | None = None,
    jwt: str | None = None,
    jwt_secret: str | None = None,
    read_only: bool = False,
) -> "Kit":
    """Connect to `url`, else SHOTKIT_URL, PGSERVICE or PGHOST, else to the embedded server, which is started.

    `url` may be the folder of a snapshot, which is read-only.
    `user_id` acts as that user under row level security, `role` as that role, `jwt` as the bearer of a token,
    which `jwt_secret` verifies; with `read_only` the server refuses every write. The embedded database, which
    is shotkit's own, gets its pending migrations first.
    """
    read_only = as_flag(read_only, "read_only", ConfigurationError)
    return Kit(
        open_ready(url, user_id=user_id, role=role, jwt=jwt, jwt_secret=jwt_secret, read_only=read_only)
    )


class Kit(Checks):
    """A database and where its media are; as a context manager it closes the connections at the end."""

    def __init__(
        self, database: "Database", store: "Store | None" = None, journal: Journal | None = None
    ) -> None:
        super().__init__(database)
        self.store = store or open_store(home() / "storage")
        self._session = Session(database, self.store, journal or Journal())

    def projects(self) -> "pd.DataFrame":
        """Return the projects, newest first."""
        return frame(load.load_projects(self.database))

    def shots(self, project: object = None) -> "pd.DataFrame":
        """Return the shots of a project (its id or name) or of all, by position, with the number of links."""
        return frame(load.load_shots(self.database, self._project_id(project)))

    def shot(self, id_or_name: object) -> Shot:
        """Return the shot of this id or name; nothing of it is read yet."""
        return Shot(self._session, **load.find(self.database, "shot", id_or_name))

    def generation(self, id: object) -> Generation:  # noqa: A002  the column's name
        """Return the generation of this id."""
        return Generation(self._session, required_id(id, "generation"))

    def generations(  # noqa: PLR0913  each filter is a keyword that the notebook completes
        self,
        project: object = None,
        *,
        media_type: str | None = None,
        starred: bool = False,
        edits_only: bool = False,
        children: bool = False,
        parent: object = None,
        shot: object = None,
        unpositioned: bool = False,
        in_no_shot: bool = False,
        prompt: str | None = None,
        limit: int | None = None,
        with_prompts: bool = False,
    ) -> "pd.DataFrame":
        """Return the gallery: generations that have a location, newest first, children left out.

        `media_type` 'image' or 'video'; `edits_only` those based on another; `children` the children instead,
        `parent` those of one generation, both by their order; `shot` (id or name) what is in it, with
        `unpositioned` only what has no frame there; `in_no_shot` what is in none; `prompt` a text in the
        prompt. `with_prompts` adds prompt and seed. It and `prompt` read params, which is slow.
        """
        wanted = self._wanted(
            project,
            media_type=media_type,
            starred=starred,
            edits_only=edits_only,
            children=children,
            parent=parent,
            shot=shot,
            unpositioned=unpositioned,
            in_no_shot=in_no_shot,
            prompt=prompt,
            limit=limit,
        )
        with_prompts = as_flag(with_prompts, "with_prompts", ConfigurationError)
        if wanted.is_everything and not with_prompts and self.database.engine == "postgres":
            return frame(load.load_all_generations(self.database, wanted))
        return frame(load.load_gallery(self.database, wanted, with_prompts=with_prompts))

    def links(self, project: object = None) -> "pd.DataFrame":
        """Return the links of a project (its id or name) or of all, shot by shot, as they are stored."""
        return frame(load.load_links(self.database, self._project_id(project)))

    def listing(self, project: object = None, **filters: Any) -> Listing:
        """Return the same by the filters of generations(), to be read again and again, and observed."""
        return Listing(self._session, self._wanted(project, **filters))

    def variants(self, generation_id: object) -> "pd.DataFrame":
        """Return the variants of a generation, the primary one first."""
        id_ = required_id(generation_id, "generation")
        rows = load.load_variants(self.database, id_)
        if not len(rows) and not len(load.load_shown(self.database, [id_])):
            raise NotFoundError(
                f"There is no generation {id_} that this user may see; see kit.generations()."
            )
        return frame(rows)

    def create_shot(
        self, project: object, name: str, generation_id: str | None = None, *, dry_run: bool = False
    ) -> Change:
        """Make a shot behind the last one of a project (its id or name), with a generation at frame 0.

        `kit.shot(change.op_id)` is the new shot.
        """
        dry_run = as_flag(dry_run, "dry_run")
        project_id = str(load.find(self.database, "project", project)["id"])
        send = partial(create_shot, self.database, project_id, name, generation_id)
        if dry_run:
            return send(dry_run=True)
        given = [project_id, name, *([] if generation_id is None else [generation_id])]
        code = f"kit.create_shot({', '.join(repr(plain(each)) for each in given)})"
        return write_project(self._session, project_id, send, label="create_shot", code=code, place=str(name))

    def tasks(self, project: object = None) -> "pd.DataFrame":
        """Return the tasks of a project (its id or name) or of all, newest first, without their params."""
        return frame(load.load_tasks(self.database, self._project_id(project)))

    def ledger(self, user_id: object = None) -> "pd.DataFrame":
        """Return the credits given and spent, of one user or of all, newest first."""
        user = None if user_id is None else required_id(user_id, "user")
        return frame(load.load_ledger(self.database, user))

    def upload(
        self,
        shot: object,
        files: "Files",
        *,
        positioned: bool = True,
        dry_run: bool = False,
        progress: bool = False,
    ) -> Change:
        """Put images and videos into a shot (its id, name or handle), behind its last frame, in order.

        Each becomes a file with a thumbnail in storage, and a generation with its original variant and a
        link: all of it or, where it is refused, fails or is interrupted, nothing. All files that cannot be
        uploaded are named before anything is written. `positioned=False` leaves them off the timeline;
        `progress` draws a bar on a terminal. An undo leaves the files for a redo.
        """
        from shotkit.upload import upload  # noqa: PLC0415  not before something is uploaded

        flags = {"positioned": positioned, "dry_run": dry_run, "progress": progress}
        checked = {name: as_flag(given, name) for name, given in flags.items()}
        handle = shot if isinstance(shot, Shot) else self.shot(shot)
        return upload(self._session, handle, files, **checked)

    def orphans(self, *, older_than: int = 3600, remove: bool = False) -> "pd.DataFrame":
        """Return the uploaded files and thumbnails that no row names: location, bytes, written.

        They are of uploads that were undone, or killed in the middle; what was written in the last
        `older_than` seconds may be of one under way. `remove` removes them. params are not searched.
        """
        from shotkit.upload import orphans  # noqa: PLC0415  not before somebody asks

        return orphans(self._session, older_than, remove=as_flag(remove, "remove"))

    def history(self) -> "pd.DataFrame":
        """Return the changes that this user made here from this machine, newest first.

        `code` is the line that repeats one; `status` stays 'unknown' where the answer was never heard. What
        had nothing to write is not noted.
        """
        return frame(history(self._noted()[::-1]))

    def undo(self, op_id: str | None = None, *, dry_run: bool = False) -> Change:
        """Take back a change of history(): that of `op_id`, else the newest that stands and can be.

        It is refused with StaleShotError or StaleVariantsError where what it left has changed since.
        """
        return undo(self._session, op_id, dry_run=dry_run)

    def redo(self, *, dry_run: bool = False) -> Change:
        """Make the change again that was undone last, if no other came after that."""
        return redo(self._session, dry_run=dry_run)

    def script(self) -> str:
        """Return a Python script that repeats the changes of history(), oldest first, undone ones too."""
        return script(self._noted())

    def snapshot(self, folder: "str | Path", *, progress: bool = False) -> "Snapshot":
        """Write the core tables of one moment, as far as this user may read them, to a new folder.

        `shotkit.connect(folder)` opens it, read-only. `progress` draws a bar on a terminal.
        """
        from shotkit.snapshot import take  # noqa: PLC0415  not before a snapshot is taken

        progress = as_flag(progress, "progress", ConfigurationError)
        return take(self.database, as_path(folder, "folder of a snapshot"), progress=progress)

    def sql(
        self,
        text: str,
        params: "Sequence[object] | Mapping[str, object] | None" = None,
        /,
        **frames: "pd.DataFrame",
    ) -> "pd.DataFrame":
        """Return the rows of one SELECT in DuckDB's SQL, over frames that are loaded, given by name.

        `kit.sql("select max(timeline_frame) from t where type = ?", ["image"], t=shot.timeline())`; `params`
        are bound. On a snapshot its tables are there too, as public.generations and so on. Nothing is
        written, no file and no network is read. A text that fails raises ConfigurationError with DuckDB's
        own words.
        """
        return frame(query(self.database, text, params, frames))

    def close(self) -> None:
        """End what runs in the background and close the connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: "type[BaseException] | None", error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        where = "the embedded database" if self.database.embedded else self.database.name
        return f"<Kit on {where}{', read-only' if self.database.read_only else ''}>"

    def _noted(self) -> "list[Entry]":
        journal, database = self._session.journal, self.database
        settle_unknown(database, journal, identity=database.acts_as)
        return journal.entries(database=database.name, identity=database.acts_as)

    def _wanted(
        self, project: object, *, parent: object = None, shot: object = None, **filters: Any
    ) -> load.GalleryFilter:
        return load.GalleryFilter(
            project_id=self._project_id(project),
            parent_id=None if parent is None else required_id(parent, "generation"),
            shot_id=None if shot is None else load.find(self.database, "shot", shot)["id"],
            **filters,
        )

    def _project_id(self, project: object) -> str | None:
        return None if project is None else str(load.find(self.database, "project", project)["id"])
