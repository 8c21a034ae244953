"""The changes of what is in a shot and of its prompts, as values."""

from dataclasses import dataclass

from shotkit.errors import InvalidChangeError
from shotkit.given import as_flag, as_number, as_text, required_id
from shotkit.model import next_frame
from shotkit.mutate.intents import Intent, moved_left
from shotkit.mutate.links import Added, Links, Plan, Prompts, changed

__all__ = ["Add", "Remove", "SetPrompts"]


@dataclass(frozen=True)
class Add(Intent):
    """Put a generation into the shot, always as a new link: behind the last, or off the timeline."""

    source = "add"
    generation_id: str
    positioned: bool = True

    def __post_init__(self) -> None:
        as_flag(self.positioned, "positioned")

    def plan(self, links: Links) -> Plan:
        """Return the new link."""
        generation = required_id(self.generation_id, "generation", InvalidChangeError)
        frame = next_frame(links.positions.values()) if self.positioned else None
        if frame is not None:
            as_number(frame, "The frame behind the last", 0)
        return Plan(added=Added(generation, frame))


@dataclass(frozen=True)
class Remove(Intent):
    """Take a link out of the shot."""

    source = "remove"
    id: str

    def plan(self, links: Links) -> Plan:
        """Return the link, and the frames of the others if it was the first on the timeline."""
        id_ = links.known(self.id)
        return Plan(changed(links, moved_left(links, id_)), removed=id_)


@dataclass(frozen=True)
class SetPrompts(Intent):
    """Write the prompts between a link and the next one; None leaves one as it is, '' clears it."""

    source = "set_prompts"
    id: str
    prompt: str | None = None
    negative_prompt: str | None = None

    def plan(self, links: Links) -> Plan:
        """Return the prompts."""
        id_ = links.known(self.id)
        if self.prompt is None and self.negative_prompt is None:
            raise InvalidChangeError("No prompt was given; give prompt, negative_prompt or both.")
        as_text(self.prompt, "prompt")
        as_text(self.negative_prompt, "negative prompt")
        return Plan(prompts=Prompts(id_, self.prompt, self.negative_prompt))
