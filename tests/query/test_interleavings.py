"""Every order in which things can happen: short ones all of them, long ones at random."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from .world import World

FIRST, SECOND = World.KEYS
keys = st.sampled_from(World.KEYS)
numbers = st.integers(0, 5)


class Interleavings(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.world = World()

    def open(self, state):
        return bool(self.world.scheduler.open_jobs(state))

    @rule(key=keys)
    def ask(self, key):
        self.world.ask(key)

    @precondition(lambda self: self.open("queued"))
    @rule(number=numbers)
    def read(self, number):
        self.world.read(number)

    @precondition(lambda self: self.open("read"))
    @rule(number=numbers)
    def land(self, number):
        self.world.land(number)

    @rule(key=keys)
    def change(self, key):
        self.world.change(key)

    @rule(key=keys)
    def toggle_x(self, key):
        self.world.toggle_x(key)

    @rule(key=keys)
    def invalidate(self, key):
        self.world.invalidate(key)

    @rule(key=keys, fault=st.sampled_from([None, ConnectionError, ValueError]))
    def plant(self, key, fault):
        self.world.plant(key, fault)

    @rule(key=keys)
    def cancel(self, key):
        self.world.cancel(key)

    @rule(key=keys)
    def observe(self, key):
        self.world.observe(key)

    @precondition(lambda self: any(self.world.observers.values()))
    @rule(key=keys)
    def unsubscribe(self, key):
        if self.world.observers[key]:
            self.world.unsubscribe(key)

    @rule(edited=st.sampled_from([(FIRST,), (SECOND,), World.KEYS]), needs_x=st.booleans())
    def edit(self, edited, needs_x):
        self.world.edit(edited, needs_x=needs_x)

    @precondition(lambda self: any(not edit.committed for edit in self.world.edits))
    @rule(number=numbers)
    def commit(self, number):
        self.world.commit(number)

    @precondition(lambda self: any(edit.committed for edit in self.world.edits))
    @rule(number=numbers, told=st.booleans())
    def acknowledge(self, number, told):
        self.world.acknowledge(number, told=told)

    @precondition(lambda self: any(not edit.committed for edit in self.world.edits))
    @rule(number=numbers)
    def refuse(self, number):
        self.world.refuse(number)

    @rule(seconds=st.sampled_from([1, 6, 31, 301]))
    def pass_time(self, seconds):
        self.world.pass_time(seconds)

    @rule()
    def hold_or_let_go(self):
        if self.world.hold is None:
            self.world.hold_still()
        else:
            self.world.let_go()

    @invariant()
    def all_is_well(self):
        self.world.check()

    def teardown(self):
        self.world.settle_down()


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)

ACTIONS = {
    "ask": lambda world: world.ask(FIRST),
    "read": lambda world: world.scheduler.open_jobs("queued") and (world.read() or True),
    "land": lambda world: world.scheduler.open_jobs("read") and (world.land() or True),
    "fail": lambda world: world.plant(FIRST, ValueError),
    "invalidate": lambda world: (world.change(FIRST), world.invalidate(FIRST)),
    "edit": lambda world: world.edit((FIRST,)),
    "acknowledge": lambda world: world.edits and (world.commit(), world.acknowledge()),
    "refuse": lambda world: world.edits and (world.refuse() or True),
    "observe": lambda world: world.observe(FIRST),
    "unsubscribe": lambda world: world.observers[FIRST] and (world.unsubscribe(FIRST) or True),
    "cancel": lambda world: world.cancel(FIRST),
    "time": lambda world: world.pass_time(31),
}
DEPTH = 5


def stories(done=()):
    """Try all sequences of actions up to DEPTH, but for those with an action that had nothing to act on."""
    for name in ACTIONS:
        world = World()
        if all(ACTIONS[each](world) not in ([], False) for each in (*done, name)):
            world.check()
            world.settle_down()
            yield (*done, name)
            if len(done) + 1 < DEPTH:
                yield from stories((*done, name))


def test_every_short_story_ends_well():
    assert sum(1 for _ in stories()) > 30_000


@pytest.mark.parametrize("told", [True, False])
def test_a_long_story_of_edits_loses_and_doubles_none(told):
    """Twenty edits among fetches and invalidations: each read and each landing at another distance."""
    world = World()
    world.observe(FIRST)
    for number in range(20):
        world.edit((FIRST,))
        world.commit()
        if number % 2 and world.scheduler.open_jobs("queued"):
            world.read()
        if number % 3:
            world.acknowledge(told=told)
        if number % 5 == 0:
            world.invalidate(FIRST)
        if number % 4 == 0 and world.scheduler.open_jobs("read"):
            world.land()
        world.check()
    while world.edits:
        world.acknowledge(told=told)
        world.check()
    world.settle_down()
    assert len(world.acknowledged) == 20
