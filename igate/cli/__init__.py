"""The ``igate`` command: one module a group of commands. Nothing imports this package."""
