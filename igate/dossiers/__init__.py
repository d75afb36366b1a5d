"""The pure core: what may happen to a dossier, and what a journal says.

``decide`` and ``apply`` (:mod:`~igate.dossiers.engine`) know no clock and no database. Everything
that is said of a dossier follows from its journal.
"""
