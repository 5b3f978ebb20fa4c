"""`python -m actionpack.cli` is the command itself."""

from actionpack.cli import main

main()
