"""``python -m cutbook`` is the command line."""

from cutbook.cli import main

if __name__ == "__main__":
    main()
