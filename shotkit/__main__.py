"""`python -m shotkit` is `shotkit`."""

from shotkit.cli import main

main()
