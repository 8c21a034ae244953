"""Payloads: what the schema sends is understood, anything else is no message and no error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit.realtime.messages import TOPICS, Message, parsed

ID = "6f8a2c1e-0d3b-4f6a-9b7e-1c2d3e4f5a6b"
GOOD = {"table": "shot_generations", "shot_id": ID, "xid": "772"}


def sent(**other):
    return json.dumps(GOOD | other).encode()


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (GOOD, Message("shot_generations", ID, 772)),
        (
            {"table": "generation_variants", "generation_id": ID, "xid": str(2**64 - 1)},
            Message("generation_variants", ID, 2**64 - 1),
        ),
        (
            {"table": "shots", "shot_id": "x", "project_id": ID.upper(), "xid": "1", "new": [1]},
            Message("shots", ID, 1),
        ),
    ],
)
def test_what_the_schema_sends_is_understood(payload, message):
    assert parsed(json.dumps(payload).encode()) == message


HOSTILE = {
    "nothing": b"",
    "no JSON": b"hello",
    "no text": b"\xff\xfe\x00",
    "half a character": sent()[:-1] + b"\xc3",
    "NUL": sent() + b"\x00",
    "null": b"null",
    "a number": b"7",
    "NaN": b"NaN",
    "a list": b'["table", "xid"]',
    "a text": b'"table"',
    "an empty object": b"{}",
    "another table": sent(table="users"),
    "a table that is a list": sent(table=["shots"]),
    "a table that is an object": sent(table={}),
    "no table": sent(table=None),
    "no id": sent(shot_id=None),
    "an id that is a number": sent(shot_id=7),
    "an id that is a list": sent(shot_id=[ID]),
    "a bad id": sent(shot_id="../../etc/passwd"),
    "an id of 36 letters": sent(shot_id="z" * 36),
    "an id in braces": sent(shot_id="{" + ID + "}"),
    "SQL": sent(shot_id="'; drop table shots; --"),
    "no transaction": sent(xid=None),
    "a transaction that is a number": sent(xid=772),
    "a transaction that is true": sent(xid=True),
    "a negative transaction": sent(xid="-1"),
    "transaction zero": sent(xid="0"),
    "a transaction in other digits": sent(xid="\u0667\u0667"),
    "a huge transaction": sent(xid="9" * 5000),
    "a huge number": b'{"table": ' + b"9" * 7000 + b"}",
    "a deep list": b"[" * 7999,
    "more than the server sends": sent(more="x" * 9000),
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE.keys())
def test_anything_else_is_no_message(payload):
    assert parsed(payload) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
ALMOST = st.fixed_dictionaries(
    {"table": st.sampled_from([*TOPICS]) | JSON, "xid": JSON},
    optional=dict.fromkeys(TOPICS.values(), st.uuids().map(str) | JSON),
)


@given(st.binary() | (ALMOST | JSON).map(lambda value: json.dumps(value).encode()))
def test_no_payload_is_an_error(payload):
    message = parsed(payload)
    assert message is None or (message.table in TOPICS and 0 < message.xid < 10**20 and len(message.id) == 36)
