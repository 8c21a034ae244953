"""Proves a schema's own triggers: stands it up in a scratch server, writes to it, and counts what drifts."""

from shotkit.prove.crowd import Crowd, rounds
from shotkit.prove.proof import Proof
from shotkit.prove.prove import prove, steps
from shotkit.prove.tried import Tried

__all__ = ["Crowd", "Proof", "Tried", "prove", "rounds", "steps"]
