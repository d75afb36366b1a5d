"""``python -m igate`` is the command ``igate``."""

from igate.cli.main import main

if __name__ == "__main__":
    main()
