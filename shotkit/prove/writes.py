"""The writes that are tried one at a time: what an app does to the links of a shot."""

from collections.abc import Callable
from dataclasses import dataclass

from shotkit.prove.scene import Scene
from shotkit.sql import statement

__all__ = ["WRITES", "Write"]

_FAR = 90


@dataclass(frozen=True)
class Write:
    """A write by its name; `does` returns what was lost of it though it reported success, or None.

    One that goes `past` the triggers leaves drift in any schema, and counts for none.
    """

    name: str
    does: Callable[[Scene], str | None]
    past: bool = False


def _insert(scene: Scene) -> None:
    scene.add(scene.a, scene.g)


def _two_shots(scene: Scene) -> None:
    scene.add(scene.a, scene.g)
    scene.add(scene.b, scene.g, 5)


def _twice(scene: Scene) -> None:
    scene.add(scene.a, scene.g)
    scene.add(scene.a, scene.g, 100)


def _among_nulls(scene: Scene) -> None:
    for frame in (None, 5, None):
        scene.add(scene.a, scene.g, frame)


def _move(scene: Scene) -> None:
    scene.do("move", id=scene.add(scene.a, scene.g), frame=7)


def _move_off(scene: Scene) -> None:
    scene.do("move", id=scene.add(scene.a, scene.g), frame=None)


def _drag_twice(scene: Scene) -> str | None:
    link = scene.add(scene.a, scene.g)
    scene.do("drag", id=link, frame=50)
    scene.do("drag", id=link, frame=_FAR)
    found = scene.frame(link)
    return None if found == _FAR else f"moved to {_FAR}, it stayed at {found}"


def _swap(scene: Scene) -> None:
    scene.do("swap", id=scene.add(scene.a, scene.g), other_id=scene.add(scene.a, scene.h, 81))


def _remove_one_of_two(scene: Scene) -> None:
    scene.add(scene.a, scene.g)
    scene.do("remove", id=scene.add(scene.a, scene.g, 100))


def _remove_last(scene: Scene) -> None:
    scene.do("remove", id=scene.add(scene.a, scene.g))


def _regenerate(scene: Scene) -> None:
    scene.do("regenerate", id=scene.add(scene.a, scene.g), generation_id=scene.h)


def _rehome(scene: Scene) -> None:
    scene.do("rehome", id=scene.add(scene.a, scene.g), shot_id=scene.b)


def _delete_shot(scene: Scene) -> None:
    _two_shots(scene)
    scene.do("delete_shot", id=scene.a)


def _delete_generation(scene: Scene) -> None:
    _two_shots(scene)
    scene.do("delete_generation", id=scene.g)


def _overwrite(scene: Scene) -> None:
    scene.add(scene.a, scene.g)
    scene.do("overwrite", id=scene.g)


def _triggers_off(scene: Scene) -> None:
    with scene.database.transaction() as transaction:
        transaction.execute(statement("demo/triggers_off"))
        transaction.execute(
            statement("prove/add"), id=scene.h, shot_id=scene.a, generation_id=scene.g, frame=0
        )


def _insert_beside_insert(scene: Scene) -> None:
    scene.at_once(_adding(scene.g, scene.a, scene.g), _adding(scene.h, scene.b, scene.g))


def _insert_beside_remove(scene: Scene) -> None:
    link = scene.add(scene.a, scene.g)
    scene.at_once(("remove", {"id": link}), _adding(scene.h, scene.b, scene.g))


def _move_while_held(scene: Scene) -> None:
    link = scene.add(scene.a, scene.g)
    scene.at_once(("hold", {"id": scene.g}), ("move", {"id": link, "frame": 9}))


def _adding(id_: str, shot_id: str, generation_id: str) -> tuple[str, dict[str, object]]:
    return "add", {"id": id_, "shot_id": shot_id, "generation_id": generation_id, "frame": 0}


WRITES = (
    Write("a link inserted", _insert),
    Write("a generation put into two shots", _two_shots),
    Write("a generation put into a shot twice", _twice),
    Write("links at frames NULL, 5, NULL", _among_nulls),
    Write("a frame changed", _move),
    Write("a frame set to NULL", _move_off),
    Write("two frames swapped in one UPDATE", _swap),
    Write("a link dragged twice", _drag_twice),
    Write("one of two links deleted", _remove_one_of_two),
    Write("the last link deleted", _remove_last),
    Write("generation_id changed", _regenerate),
    Write("shot_id changed", _rehome),
    Write("a shot deleted", _delete_shot),
    Write("a generation deleted", _delete_generation),
    Write("two transactions insert", _insert_beside_insert),
    Write("one deletes, another inserts", _insert_beside_remove),
    Write("a frame changed while the generation is locked", _move_while_held),
    Write("shot_data written directly", _overwrite, past=True),
    Write("a link inserted with triggers off", _triggers_off, past=True),
)
