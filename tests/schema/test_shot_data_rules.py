"""Any sequence of link writes keeps shot_data equal to a Python model of the links."""

from collections import defaultdict
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.schema.world import World

FRAMES = st.none() | st.integers(0, 4)
SHOTS = GENERATIONS = st.integers(0, 2)
PICKED = st.lists(st.integers(0, 7), min_size=1, max_size=4)
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.lists(st.tuples(SHOTS, GENERATIONS, FRAMES), min_size=1, max_size=5)),
        st.tuples(st.just("move"), PICKED, FRAMES),
        st.tuples(st.just("swap"), PICKED),
        st.tuples(st.just("regenerate"), PICKED, GENERATIONS),
        st.tuples(st.just("reshoot"), PICKED, SHOTS),
        st.tuples(st.just("exchange_generations")),
        st.tuples(st.just("annotate"), PICKED),
        st.tuples(st.just("delete"), PICKED),
        st.tuples(st.just("replace"), PICKED, st.lists(st.tuples(SHOTS, GENERATIONS, FRAMES), max_size=2)),
        st.tuples(st.just("delete_shot"), SHOTS),
        st.tuples(st.just("delete_generation"), GENERATIONS),
    ),
    min_size=1,
    max_size=12,
)


class Model:
    """The links as a Python dict beside the real ones; every write is done to both."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shots = [world.shot() for _ in range(3)]
        self.generations = [world.generation() for _ in range(3)]
        self.links: dict[UUID, tuple[UUID, UUID, int | None]] = {}

    def expected(self, generation: UUID) -> dict[str, list[int | None]]:
        frames = defaultdict(list)
        for shot, of, frame in self.links.values():
            if of == generation:
                frames[str(shot)].append(frame)
        return {shot: sorted(found, key=lambda f: (f is None, f or 0)) for shot, found in frames.items()}

    def agrees(self) -> bool:
        return all(self.world.shot_data(g) == self.expected(g) for g in self.generations)

    def picked(self, numbers: list[int]) -> list[UUID]:
        """Some of the links there are, each once."""
        known = list(self.links)
        return list(dict.fromkeys(known[number % len(known)] for number in numbers)) if known else []

    def insert(self, rows: list[tuple[int, int, int | None]]) -> None:
        places = [
            (self.shots[s % len(self.shots)], self.generations[g % len(self.generations)], f)
            for s, g, f in rows
            if self.shots and self.generations
        ]
        if not places:
            return
        made = self.world.run(
            "insert into shot_generations (shot_id, generation_id, timeline_frame)"
            f" values {', '.join(['(%s, %s, %s)'] * len(places))}"
            " returning id, shot_id, generation_id, timeline_frame",
            *(value for place in places for value in place),
        ).fetchall()
        self.links |= {link: tuple(place) for link, *place in made}

    def move(self, numbers: list[int], frame: int | None) -> None:
        self._set("timeline_frame", self.picked(numbers), frame)

    def regenerate(self, numbers: list[int], generation: int) -> None:
        if self.generations:
            self._set(
                "generation_id", self.picked(numbers), self.generations[generation % len(self.generations)]
            )

    def reshoot(self, numbers: list[int], shot: int) -> None:
        if self.shots:
            self._set("shot_id", self.picked(numbers), self.shots[shot % len(self.shots)])

    def swap(self, numbers: list[int]) -> None:
        """The picked links' frames go round among them, in one UPDATE."""
        ids = self.picked(numbers)
        frames = [self.links[link][2] for link in ids]
        turned = frames[1:] + frames[:1]
        self.world.run(
            "update shot_generations set timeline_frame = wanted.frame"
            " from unnest(%s::uuid[], %s::int[]) as wanted (id, frame) where shot_generations.id = wanted.id",
            ids,
            turned,
        )
        for link, frame in zip(ids, turned, strict=True):
            self.links[link] = (*self.links[link][:2], frame)

    def exchange_generations(self) -> None:
        if len(self.generations) > 1:
            one, other = self.generations[:2]
            turned = {one: other, other: one}
            self.world.run(
                "update shot_generations"
                " set generation_id = case generation_id when %s then %s::uuid else %s end"
                " where generation_id in (%s, %s)",
                one, other, one, one, other,
            )  # fmt: skip
            self.links = {k: (s, turned.get(g, g), f) for k, (s, g, f) in self.links.items()}

    def annotate(self, numbers: list[int]) -> None:
        self.world.run(
            """update shot_generations set metadata = '{"locked": true}' where id = any(%s)""",
            self.picked(numbers),
        )

    def delete(self, numbers: list[int]) -> None:
        ids = self.picked(numbers)
        self.world.run("delete from shot_generations where id = any(%s)", ids)
        self._forget(lambda link, _: link in ids)

    def replace(self, numbers: list[int], rows: list[tuple[int, int, int | None]]) -> None:
        self.delete(numbers)
        self.insert(rows)

    def delete_shot(self, number: int) -> None:
        if number < len(self.shots):
            gone = self.shots.pop(number)
            self.world.run("delete from shots where id = %s", gone)
            self._forget(lambda _, place: place[0] == gone)

    def delete_generation(self, number: int) -> None:
        if number < len(self.generations):
            gone = self.generations.pop(number)
            self.world.run("delete from generations where id = %s", gone)
            self._forget(lambda _, place: place[1] == gone)

    def _set(self, column: str, ids: list[UUID], value: object) -> None:
        self.world.run(f"update shot_generations set {column} = %s where id = any(%s)", value, ids)
        at = ("shot_id", "generation_id", "timeline_frame").index(column)
        for link in ids:
            place = list(self.links[link])
            place[at] = value
            self.links[link] = tuple(place)

    def _forget(self, gone) -> None:
        self.links = {link: place for link, place in self.links.items() if not gone(link, place)}


@settings(
    max_examples=120,
    deadline=None,  # a slow machine is no fault of the rule
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example is rolled back to its start
)
@given(writes=WRITES)
def test_shot_data_equals_the_model_after_each_write(world, writes):
    with world.connection.transaction(force_rollback=True):
        model = Model(world)
        for name, *arguments in writes:
            getattr(model, name)(*arguments)
            assert model.agrees(), (name, arguments)
        assert world.drifted() == 0
