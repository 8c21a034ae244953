"""Tokens: whose they are, when they are refused, and that nothing of them is shown."""

import base64
import json
import sys
import time
import traceback
from uuid import UUID

import jwt
import pytest

from shotkit.engine import Database, open_database
from shotkit.engine.identity import Identity, identity
from shotkit.errors import ConfigurationError, NotPermittedError, ShotkitError
from tests.engine.conftest import statement

ON_ONE_SERVER = "a token is read on the user's side"

SECRET = "the-project's-own-secret-of-more-than-32-bytes"  # noqa: S105  a test's own
USER = "00000000-0000-0000-0000-0000000000aa"
WHO = statement("select current_user::text as role, current_setting('request.jwt.claims', true) as claims")


def token(secret=SECRET, algorithm="HS256", **claims):
    claims = {"sub": USER, "role": "authenticated", "exp": time.time() + 600, "aud": "authenticated"} | claims
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm)


@pytest.mark.parametrize("secret", [None, SECRET])
def test_a_tokens_bearer_acts_in_its_role_with_all_its_claims(opened, authenticated, secret):
    database = opened(jwt=token(app_metadata={"plan": "pro"}), jwt_secret=secret)
    [row] = database.rows(WHO)
    assert row["role"] == "authenticated"
    claims = json.loads(row["claims"])
    assert (claims["sub"], claims["app_metadata"]) == (USER, {"plan": "pro"})
    assert database.acts_as == str(UUID(USER))
    with database.stream() as stream:
        assert json.loads(stream.rows(WHO)[0]["claims"]) == claims


@pytest.mark.parametrize(
    ("claims", "role", "whom"),
    [
        ({"role": None}, "authenticated", USER),
        ({"sub": None, "role": "service_role"}, "service_role", "service_role"),
        ({"sub": None, "role": "anon", "exp": None}, "anon", "anon"),
    ],
)
def test_a_token_may_be_of_a_role_alone(empty_database, claims, role, whom):
    found = identity(None, None, token(**claims))
    assert found.role == role
    assert Database(empty_database, jwt=token(**claims)).acts_as == whom


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "me"},
        {"role": "none"},
        {"role": "a; b"},
        {"role": 7},
        {"exp": "soon"},
        {"sub": None, "role": None},
    ],
)
def test_a_token_of_nobody_is_refused(claims):
    body = base64.urlsafe_b64encode(json.dumps({"sub": USER} | claims).encode()).decode().rstrip("=")
    with pytest.raises(ConfigurationError):
        identity(None, None, f"e30.{body}.c2ln")


REFUSED = {
    "signed by another": token("another-secret-that-is-long-enough-for-it"),
    "unsigned": token("", "none"),
    "of another algorithm": token(SECRET * 2, "HS512"),
    "expired": token(exp=time.time() - 1),
    "not yet valid": token(nbf=time.time() + 600),
    "changed": f"{token()[:-4]}AAAA",
    "no token": "secret-without-a-dot",
    "of bytes": "a.\x00.b",
    "no JSON": "e30.bm90LWpzb24.c2ln",
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_where_tokens_are_verified_is_not_shown(why):
    with pytest.raises((NotPermittedError, ConfigurationError)) as refused:
        identity(None, None, REFUSED[why], SECRET)
    told = "".join(traceback.format_exception(refused.value))
    assert not any(part in told for part in REFUSED[why].split(".") if len(part) > 4)


def test_an_expired_token_is_refused_when_connecting_and_in_each_transaction(
    opened, authenticated, monkeypatch
):
    with pytest.raises(NotPermittedError, match="expired"):
        opened(jwt=token(exp=time.time() - 1))
    database = opened(jwt=token())
    assert database.rows(WHO)
    monkeypatch.setattr("shotkit.engine.identity.time.time", lambda: 2**33)
    with pytest.raises(NotPermittedError, match="expired"):
        database.rows(WHO)
    with pytest.raises(NotPermittedError, match="expired"), database.transaction() as transaction:
        transaction.rows(WHO)
    with pytest.raises(NotPermittedError, match="expired"), database.stream():
        pass


def test_a_token_and_another_identity_are_one_too_many():
    with pytest.raises(ConfigurationError, match="leave out user_id and role"):
        identity(USER, None, token())
    with pytest.raises(ConfigurationError, match="give jwt too"):
        identity(USER, None, None, SECRET)


def test_a_token_is_verified_by_the_library_or_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'shotkit\[jwt\]'"):
        identity(None, None, REFUSED["expired"], SECRET)


def test_the_claims_are_in_no_repr():
    assert USER not in repr(Identity("authenticated", json.dumps({"sub": USER})))


def test_the_address_must_be_allowed_to_take_on_the_role_of_a_token(guarded):
    with pytest.raises(NotPermittedError, match="set role"):
        open_database(guarded, jwt=token(role="postgres"))
    assert issubclass(NotPermittedError, ShotkitError)
