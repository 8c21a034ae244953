"""Which audits have a repair, and for each of the others why it has none and what to do instead."""

from shotkit import sql

__all__ = ["REPAIRABLE", "WAYS_OUT"]

# By their files; those without a number are what repairs share.
REPAIRABLE = tuple(name for path in sql.names("repairs") if (name := path.rpartition("/")[2])[:4].isdigit())

WAYS_OUT = {
    "0002": "nothing tells where it belongs; shot.place() or shot.unplace() the link",
    "0003": "nothing tells which image comes first; shot.reorder() or shot.move() one of them",
    "0004": "either side may be the wrong one; shot.remove() the link, or move the shot or generation",
    "0005": "what the text meant to say is not known; shot.set_prompts() writes an object",
    "0006": "a gap may be meant; shot.normalize() closes it",
    "0016": "which variant was the first is not known; set its variant_type",
    "0021": "the parent may be lost or the mark wrong; set parent_generation_id or is_child",
    "0022": "any of the cycle may be the wrong one; set parent_generation_id of one to NULL",
    "0023": "any of the cycle may be the wrong one; set based_on of one to NULL",
    "0024": "nothing tells which child comes first; keep one, the others are its variants or have no order",
    "0025": "where the segment starts is for a person to say; set pair_shot_generation_id, or make it again",
    "0026": "the type or the file may be wrong; look at the file, then set type",
    "0031": "nothing tells which shot comes first, and moving one moves all behind it; set position",
    "0041": "the file has to be moved with its address; copy it below its owner's id",
    "0042": "the file may never have arrived; upload it again or delete the row",
    "0051": "the sum or an entry may be wrong, and it is money; look at the ledger",
    "0052": "the ledger is append-only; add a 'refund'",
    "0061": "the output is not known; run the task again or set its status",
    "0062": "what it waited for is gone; run the task again or take the id out of dependant_on",
    "0071": "it is the schema's; `shotkit db push` on shotkit's own, else have its owner restore the trigger",
    "0072": "it is the schema's; create or drop the index as its page says",
    "0073": "it is the schema's; repair 0011 first, then create or drop the index as its page says",
    "0074": "it is the schema's; enable row level security or drop the policy as its page says",
}
