"""Changes of variants are stored with all that follows from them, or refused, and then nothing is written."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from shotkit.errors import (
    InvalidChangeError,
    NotFoundError,
    ReadOnlyError,
    ShotkitError,
    StaleVariantsError,
    WriteNotStoredError,
)
from shotkit.mutate import (
    AddVariant,
    DeleteVariant,
    MakePrimary,
    StarVariant,
    ViewVariant,
    apply_to_variants,
)
from tests.mutate.conftest import DELETES_A_PRIMARY, DELETES_ORIGINALS, NEW_ID, STARS, VIEWS
from tests.proxy import CUTS

pytestmark = DELETES_ORIGINALS

NOBODY = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture
def generation(stage) -> str:
    return stage.generation(location="/original.png")


NEEDS = {"star": STARS, "unstar": STARS, "view": VIEWS, "delete the primary": DELETES_A_PRIMARY}
NEEDS |= {"another primary": STARS, "another star": STARS, "the new one is starred": STARS}


def with_what_they_need(whats):
    return [pytest.param(what, marks=NEEDS.get(what, ())) for what in whats]


def original_of(stage, generation: str) -> str:
    return stage.connection.execute(
        "select id::text from public.generation_variants where generation_id = %s", (generation,)
    ).fetchone()[0]


def shown(stage, generation: str) -> tuple[str | None, ...]:
    return stage.connection.execute(
        "select location, primary_variant_id::text from public.generations where id = %s", (generation,)
    ).fetchone()


def add(stage, generation: str, location: str, **columns) -> str:
    return apply_to_variants(stage.database, generation, AddVariant(location, **columns)).op_id


def test_a_newly_primary_variant_is_what_the_generation_shows(stage, generation):
    original, new = original_of(stage, generation), add(stage, generation, "/new.png")
    assert shown(stage, generation) == ("/original.png", original)
    change = apply_to_variants(stage.database, generation, MakePrimary(new.upper()))
    assert shown(stage, generation) == ("/new.png", new)
    assert change.before.set_index("id")["is_primary"].to_dict() == {original: True, new: False}
    assert change.after.set_index("id")["is_primary"].to_dict() == {original: False, new: True}
    assert change.code == f"gen.make_primary('{new.upper()}')"


def test_an_added_variant_keeps_what_was_given_and_may_be_primary_at_once(stage, generation):
    params = {"prompt": "%(x)s'; --", "seed": 3}
    new = add(stage, generation, "/new.png", params=params, name="Dusk", variant_type="edit", is_primary=True)
    assert shown(stage, generation) == ("/new.png", new)
    assert stage.connection.execute(
        "select params, name, variant_type, project_id::text from public.generation_variants where id = %s",
        (new,),
    ).fetchone() == (params, "Dusk", "edit", stage.project)


@DELETES_A_PRIMARY
def test_deleting_the_primary_promotes_another_and_the_last_empties_the_generation(stage, generation):
    original, new = original_of(stage, generation), add(stage, generation, "/new.png")
    apply_to_variants(stage.database, generation, DeleteVariant(original))
    assert shown(stage, generation) == ("/new.png", new)
    assert apply_to_variants(stage.database, generation, DeleteVariant(new, last=True)).after.empty
    assert shown(stage, generation) == (None, None)


@STARS
def test_a_variant_is_starred_and_viewed_once(stage, generation):
    id_ = original_of(stage, generation)
    assert apply_to_variants(stage.database, generation, StarVariant(id_)).after["starred"].all()
    assert (
        not apply_to_variants(stage.database, generation, StarVariant(id_, starred=False))
        .after["starred"]
        .any()
    )
    first = apply_to_variants(stage.database, generation, ViewVariant(id_)).after["viewed_at"]
    second = apply_to_variants(stage.database, generation, ViewVariant(id_)).after["viewed_at"]
    assert first.notna().all()
    assert first.equals(second)


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (MakePrimary, "is no variant of this generation"),
        (DeleteVariant, "is no variant of this generation"),
        (StarVariant, "is no variant of this generation"),
        (ViewVariant, "is no variant of this generation"),
        (lambda _: MakePrimary("x' or true"), "is no variant of this generation"),
        (lambda _: AddVariant(""), "A variant needs a location"),
        (lambda _: AddVariant("/a.png", name="\0"), "no text in PostgreSQL can hold"),
        (lambda _: AddVariant("/a.png", params={"x": object()}), "must be a JSON object"),
        (lambda _: AddVariant("/a.png", params={"x": "\0"}), "hold a NUL"),
    ],
)
def test_a_refused_change_of_variants_writes_nothing(stage, generation, intent, said, dry_run):
    foreign = original_of(stage, stage.generation())
    before = stage.stored()
    with pytest.raises(InvalidChangeError, match=said):
        apply_to_variants(stage.database, generation, intent(foreign), dry_run=dry_run)
    assert stage.stored() == before


INTENTS = {
    "make primary": lambda one, _: MakePrimary(one),
    "star": lambda one, _: StarVariant(one),
    "view": lambda one, _: ViewVariant(one),
    "delete": lambda one, _: DeleteVariant(one),
    "delete the primary": lambda _, primary: DeleteVariant(primary),
    "add": lambda *_: AddVariant("/third.png?token=1", name="Dusk", variant_type="edit"),
    "add a primary": lambda *_: AddVariant("/third.mp4", thumbnail_url="/third.jpg", is_primary=True),
}


@pytest.mark.parametrize("what", with_what_they_need(INTENTS))
def test_a_dry_run_of_variants_tells_what_then_is_stored_and_writes_nothing(stage, generation, what):
    add(stage, generation, "/second.png")
    one = add(stage, generation, "/new.png")
    intent = INTENTS[what](one, original_of(stage, generation))
    before = stage.stored()
    foreseen = apply_to_variants(stage.database, generation, intent, dry_run=True, op_id=NEW_ID)
    assert stage.stored() == before
    assert (foreseen.dry_run, foreseen.xid, foreseen.stored) == (True, None, None)
    done = apply_to_variants(stage.database, generation, intent, op_id=NEW_ID)
    moments = ["created_at", "viewed_at"]
    assert foreseen.after.drop(columns=moments).equals(done.after.drop(columns=moments))
    assert foreseen.after[moments].isna().equals(done.after[moments].isna())
    assert foreseen.before.equals(done.before)


def test_deleting_the_last_variant_is_foreseen_to_leave_none(stage, generation):
    intent = DeleteVariant(original_of(stage, generation), last=True)
    assert apply_to_variants(stage.database, generation, intent, dry_run=True).after.empty


def test_a_change_of_variants_tells_its_transaction_and_the_variants_as_stored(stage, generation):
    original, new = original_of(stage, generation), add(stage, generation, "/new.png")
    change = apply_to_variants(stage.database, generation, MakePrimary(new))
    assert change.xid == stage.version("generation_variants", new)
    assert change.stored["id"].to_pylist() == [new, original]
    again = apply_to_variants(stage.database, generation, MakePrimary(new))
    assert (again.xid, again.stored) == (None, None)


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "dry run"])
@pytest.mark.parametrize("intent", [MakePrimary, DeleteVariant])
def test_variants_that_changed_since_are_refused_with_both_states(stage, generation, intent, dry_run):
    original = original_of(stage, generation)
    seen = {original: True}
    new = add(stage, generation, "/new.png", is_primary=True)
    before = stage.stored()
    with pytest.raises(StaleVariantsError, match="changed since they were read") as stale:
        apply_to_variants(stage.database, generation, intent(original), seen=seen, dry_run=dry_run)
    assert (stale.value.seen, stale.value.found) == (seen, {original: False, new: True})
    assert stage.stored() == before
    apply_to_variants(stage.database, generation, intent(original), seen=stale.value.found)


@pytest.mark.parametrize(
    "changed",
    [
        "params := '{}'",
        "params := null",
        "thumbnail_url := null",
        "thumbnail_url := '/x.jpg'",
        "variant_type := 'upload'",
        "name := null",
    ],
)
def test_an_added_variant_of_which_a_trigger_changes_a_value_is_told_and_rolled_back(
    stage, generation, changed
):
    stage.connection.execute(
        "create function public.change_it() returns trigger language plpgsql as"
        f" $$ begin new.{changed}; return new; end $$;"
        "create trigger change_it before insert on public.generation_variants"
        " for each row execute function public.change_it()"
    )
    before = stage.stored()
    with pytest.raises(WriteNotStoredError, match=changed.split()[0]):
        add(stage, generation, "/a.png", thumbnail_url="/a.jpg", params={"x": 1}, variant_type="a", name="b")
    assert stage.stored() == before


@pytest.mark.parametrize(
    "params", [{}, {"x": 1e300, "y": 1e-9, "z": 0.1}, {1: "a", "1": "b"}, {"é": [None, True]}]
)
def test_params_that_the_server_writes_otherwise_are_the_same(stage, generation, params):
    assert add(stage, generation, "/a.png", params=params)


def test_who_may_not_cannot_change_variants(stage, generation, databases):
    before, stranger = stage.stored(), stage.insert("users", name="Eve")
    intent = DeleteVariant(original_of(stage, generation), last=True)
    with pytest.raises(NotFoundError):
        apply_to_variants(databases(user_id=stranger), generation, intent)
    with pytest.raises(ReadOnlyError):
        apply_to_variants(databases(read_only=True), generation, intent)
    with pytest.raises(NotFoundError):
        apply_to_variants(stage.database, NOBODY, intent)
    assert stage.stored() == before


def test_the_servers_protection_of_a_variant_is_told_as_the_reason(stage, generation):
    stage.connection.execute(
        "create function public.keep_original() returns trigger language plpgsql as $$ begin"
        " raise exception 'an original variant cannot be deleted'; end $$;"
        "create trigger keep_original before delete on public.generation_variants"
        " for each row when (old.variant_type = 'original') execute function public.keep_original()"
    )
    before = stage.stored()
    with pytest.raises(InvalidChangeError, match="an original variant cannot be deleted"):
        apply_to_variants(
            stage.database, generation, DeleteVariant(original_of(stage, generation), last=True)
        )
    assert stage.stored() == before


@pytest.mark.parametrize(
    "trigger",
    [
        "before update on public.generation_variants for each row execute function public.never()",
        "before update on public.generations for each row execute function public.never()",
    ],
)
def test_a_switch_that_does_not_arrive_is_told_and_rolled_back(stage, generation, trigger):
    new = add(stage, generation, "/new.png")
    stage.connection.execute(
        "create function public.never() returns trigger language plpgsql as 'begin return null; end';"
        f"create trigger never {trigger}"
    )
    before = stage.stored()
    with pytest.raises(WriteNotStoredError):
        apply_to_variants(stage.database, generation, MakePrimary(new))
    assert stage.stored() == before


@pytest.mark.parametrize("cuts", CUTS, ids="-".join)
@pytest.mark.parametrize("what", with_what_they_need(["make primary", "add", "delete the primary"]))
def test_a_lost_answer_about_variants_is_found_out(stage, generation, fragile, cutter, *, cuts, what):
    original, new = original_of(stage, generation), add(stage, generation, "/new.png")
    intent, count, primary = {
        "make primary": (MakePrimary(new), 2, new),
        "add": (AddVariant("/third.png"), 3, original),
        "delete the primary": (DeleteVariant(original), 1, new),
    }[what]
    cutter.cuts += cuts
    change = apply_to_variants(fragile, generation, intent)
    assert not cutter.cuts
    assert len(change.after) == count
    assert stage.connection.execute("select count(*) from public.generation_variants").fetchone() == (count,)
    assert shown(stage, generation)[1] == primary


def test_switches_at_once_leave_one_primary_that_the_generation_shows(stage, generation, databases):
    ids = [original_of(stage, generation), *(add(stage, generation, f"/{n}.png") for n in range(3))]

    def work(number: int) -> int:
        rng, database, refused = random.Random(number), databases(), 0
        for _ in range(25):
            try:
                apply_to_variants(database, generation, MakePrimary(rng.choice(ids)))
            except ShotkitError:
                refused += 1
        return refused

    with ThreadPoolExecutor(4) as threads:
        assert sum(future.result() for future in [threads.submit(work, n) for n in range(4)]) == 0
    [primary] = stage.connection.execute(
        "select location, id::text from public.generation_variants where is_primary"
    ).fetchall()
    assert shown(stage, generation) == primary
