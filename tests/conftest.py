"""What holds for every test."""

import signal


def pytest_configure() -> None:
    # A run that was started in the background inherits an ignored Ctrl-C, and some tests press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
