"""Every way in for a text, found by looking at public functions, handles, widgets and commands."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

import shotkit
from shotkit import mutate, plot, widgets
from shotkit.cli import cli
from shotkit.generation import Generation
from shotkit.kit import Kit
from shotkit.listing import Listing
from shotkit.mutate import Intent, VariantIntent
from shotkit.shot import Shot

__all__ = ["Door", "World", "commands", "handles"]

#: What a refusal calls a parameter, where that is not the parameter's own name.
NAMED = {
    "Generation.apply intent": "change of variants",
    "Kit.audit only": "audit",
    "Kit.repair only": "audit",
    "Kit.repair apply": "apply",
    "Kit.shot id_or_name": "shot",
    "Kit.generation id": "generation",
    "Kit.snapshot folder": "snapshot|folder|written",
    "Kit.sql text": "SQL|DuckDB",
    "Kit.sql params": "params|DuckDB",
    "Kit.repair_undo undo_file": "undo file",
    "Shot.apply intent": "change of a shot",
    "url": "address",
    "delta": "shift",
    "parent": "generation",
    "other": "address",
    "files": "uploaded",
    "a": "link",
    "b": "link",
    "id": "link",
    "ids": "link",
    "pairs": "link",
    "callback": "observe",
    "generation_id": "generation",
    "variant_id": "variant",
    "shot": "shot|snapshot",
    "kit_or_shot": "kit|shot",
    "gen": "generation",
    "start": "Generation",
    "op_id": "op_id|change",
    "jwt": "token",
    "jwt_secret": "token|jwt_secret",
    "frames": "frame",
    "user_id": "user",
}  # fmt: skip
#: Where any text is right: it is looked for, or stored as it is, but a NUL and half a surrogate pair.
FREE = {
    "Generation.add_variant location",
    "Generation.add_variant thumbnail_url",
    "Generation.add_variant variant_type",
    "Generation.add_variant name",
    "AddVariant location",
    "AddVariant thumbnail_url",
    "AddVariant variant_type",
    "AddVariant name",
    "Kit.create_shot name",
    "Kit.generations prompt",
    "Kit.listing prompt",
    "Kit.repair undo_file",
    "Kit.snapshot folder",
    "Kit.sql text",
    "Kit.sql params",
    "Shot.gallery prompt",
    "Shot.listing prompt",
    "Shot.set_prompts prompt",
    "Shot.set_prompts negative_prompt",
    "SetPrompts prompt",
    "SetPrompts negative_prompt",
}
#: Where a handle is meant: whatever has no methods of one is Python's to refuse, before anything is asked.
OBJECTS = {
    "gen",
    "kit_or_shot",
    "pictures",
    "plot.contact_sheet shot",
    "plot.timeline shot",
    "widgets.Lightbox shot",
    "widgets.Timeline shot",
}
#: Not a caller's: what one part of shotkit hands another.
INNER = {"Shot.follow", "Generation.follow", "Kit.close", "Shot.disable_refetch"}
_PATHS = {
    "folder",
    "undo_file",
    "output",
    "undo",
    "snapshot",
    "baseline",
    "write_baseline",
    "path",
    "file",
    "files",
}


@dataclass
class World:
    """What stands in the database that the texts are thrown at, and where they may write files."""

    address: str
    folder: Path
    kit: Any
    project: str
    shot: str
    generation: str
    variant: str
    links: list[str]


@dataclass(frozen=True)
class Door:
    """One parameter of one function: `enter` calls it with a text, all else being right."""

    name: str
    enter: Callable[[World, str], object]
    is_free: bool = False
    is_path: bool = False
    is_object: bool = False
    words: str = field(default="")

    def takes(self, text: str) -> bool:
        """Whether the text may be tried: a path must not lead out of the test's own folder."""
        return not self.is_path or not (text.startswith(("/", "~")) or ".." in text or not text.strip("./ "))


def handles() -> Iterator[Door]:
    """Yield the parameters of `connect`, the handles' methods, the changes as values, plots and widgets."""
    yield from _of("connect", shotkit.connect, lambda w: {"url": w.address}, closed=True)
    yield from _methods(Kit, lambda w: w.kit)
    yield from _methods(Shot, lambda w: w.kit.shot(w.shot))
    yield from _methods(Generation, lambda w: w.kit.generation(w.generation))
    yield from _methods(Listing, lambda w: w.kit.listing())
    yield from _intents(Intent, lambda w: w.kit.shot(w.shot))
    yield from _intents(VariantIntent, lambda w: w.kit.generation(w.generation))
    for name in (name for name in plot.__all__ if name.islower()):
        yield from _of(f"plot.{name}", getattr(plot, name))
    for name in widgets.__all__:
        yield from _of(f"widgets.{name}", getattr(widgets, name))


def commands() -> Iterator[Door]:
    """Yield the options and arguments of the commands that take a text."""
    for path, command in _commands(cli, ()):
        takes_url = any(parameter.name == "url" for parameter in command.params)
        for parameter in command.params:
            if not (isinstance(parameter, click.Option) and parameter.is_flag):
                yield _option(path, command, parameter, takes_url=takes_url)


def _methods(handle: type, made: Callable[[World], Any]) -> Iterator[Door]:
    for name, method in inspect.getmembers(handle, callable):
        if not name.startswith("_") and f"{handle.__name__}.{name}" not in INNER:
            yield from _of(f"{handle.__name__}.{name}", method, owner=made)


def _intents(base: type, made: Callable[[World], Any]) -> Iterator[Door]:
    kinds = [getattr(mutate, name) for name in mutate.__all__]
    for kind in (k for k in kinds if isinstance(k, type) and issubclass(k, base) and k is not base):

        def applied(handle: Any, kind: type = kind, **given: Any) -> object:
            return handle.apply(kind(**given), dry_run=True)

        signature = inspect.signature(kind)
        yield from _of(kind.__name__, applied, owner=made, signature=signature)


def _of(
    name: str,
    function: Callable[..., Any],
    base: Callable[[World], dict[str, Any]] = lambda _: {},
    *,
    owner: Callable[[World], Any] | None = None,
    signature: inspect.Signature | None = None,
    closed: bool = False,
) -> Iterator[Door]:
    parameters = dict((signature or inspect.signature(function)).parameters)
    parameters.pop("self", None)
    for own in _named(name, parameters):

        def enter(world: World, text: str, own: str = own) -> object:
            given = {**base(world), **_filled(world, parameters, own), own: text}
            first = [
                given.pop(key)
                for key, p in parameters.items()
                if p.kind is p.POSITIONAL_ONLY and key in given
            ]
            found = function(*([owner(world)] if owner else []), *first, **given)
            if closed:
                found.close()
            return found.rows() if isinstance(found, Listing) else found

        yield _door(f"{name} {own}", own, enter)


def _named(name: str, parameters: dict[str, inspect.Parameter]) -> list[str]:
    """Return the parameters by name; those that `**filters` hands on are the gallery's."""
    named = [key for key, p in parameters.items() if p.kind not in {p.VAR_KEYWORD, p.VAR_POSITIONAL}]
    if "filters" in parameters:
        own = inspect.signature(Kit.generations).parameters
        named += [key for key in own if key not in {"self", "project", "with_prompts"}]
    return [*named, "t"] if name == "Kit.sql" else named


def _filled(world: World, parameters: dict[str, inspect.Parameter], own: str) -> dict[str, Any]:
    """Return what the function cannot do without, and what keeps it from writing."""
    right = {
        "project": world.project, "id_or_name": world.shot, "generation_id": world.generation, "name": "Dusk",
        "variant_id": world.variant, "location": "/b.png", "a": world.links[0], "b": world.links[1],
        "id": world.links[0], "ids": world.links[:2], "frame": 7, "index": 0, "delta": 3, "prompt": "fog",
        "pairs": ((world.links[0], world.links[1]),), "intent": mutate.Normalize(), "callback": print,
        "text": "select 1", "shot": world.kit.shot(world.shot), "kit_or_shot": world.kit,
        "gen": world.kit.generation(world.generation), "folder": world.folder / "new",
        "undo_file": world.folder / "undo", "files": [], "other": world.address, "only": "0001",
    }  # fmt: skip
    needed = {
        key: right[key]
        for key, p in parameters.items()
        if key != own and p.default is p.empty and p.kind not in {p.VAR_KEYWORD, p.VAR_POSITIONAL}
    }
    if own == "undo_file" and "apply" in parameters:
        needed["apply"] = True
    if own == "unpositioned":
        needed["shot"] = world.shot
    return needed | ({"dry_run": True} if "dry_run" in parameters and own != "dry_run" else {})


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


def _option(path: tuple[str, ...], command: click.Command, own: click.Parameter, *, takes_url: bool) -> Door:
    def enter(world: World, text: str) -> object:
        right = {
            "shot": world.shot,
            "fault_class": "none such",
            "folder": str(world.folder / "new"),
            "files": "none",
        }
        arguments = [
            text if parameter is own else right[str(parameter.name)]
            for parameter in command.params
            if isinstance(parameter, click.Argument) and (parameter is own or parameter.required)
        ]
        given = [f"{own.opts[0]}={text}"] if isinstance(own, click.Option) else []
        # To prove takes long, and to look at the embedded server starts one: their files are refused before.
        nowhere = "postgresql://127.0.0.1:1/x" if path[0] in {"prove", "lab"} else world.address
        url = ["--url", nowhere] if takes_url and own.name not in {"url", "snapshot"} else []
        return cli.main([*path, *url, *given, "--", *arguments], "shotkit", standalone_mode=False)

    name = f"shotkit {' '.join(path)} {own.opts[0]}"
    return _door(name, str(own.name), enter, is_free=True)


def _door(name: str, own: str, enter: Callable[[World, str], object], *, is_free: bool = False) -> Door:
    words = NAMED.get(name) or NAMED.get(own) or re.sub("_ids?$", "", own).replace("_", "[_ ]")
    is_object = bool({own, name} & OBJECTS)
    return Door(name, enter, is_free or name in FREE or is_object, own in _PATHS, is_object, f"(?is){words}")
