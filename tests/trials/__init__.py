"""Long runs under load and faults; `python -m tests.trials` writes docs/TESTING.md, small ones are tests."""
