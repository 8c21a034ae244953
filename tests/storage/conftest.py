"""A real S3 server on this machine, and the three buckets behind it."""

import pytest

from shotkit.storage import BUCKETS, S3Store

KEYS = {"key": "canary-key", "secret": "canary-secret"}


@pytest.fixture(scope="module")
def endpoint():
    from moto.server import ThreadedMotoServer  # heavy

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def store(endpoint):
    import boto3

    keys = {"aws_access_key_id": KEYS["key"], "aws_secret_access_key": KEYS["secret"]}
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
    for bucket in BUCKETS:
        client.create_bucket(Bucket=bucket)
    return S3Store(endpoint, public="https://ref.supabase.co/", **KEYS)
