"""The one-stop desk that a host embeds, and the stores that it keeps dossiers in.

:class:`~igate.office.onestop.OneStop` is the only place that joins files, stores and the clock.
SQL stands in ``sql``.
"""
