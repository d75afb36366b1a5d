"""Procedures, their revisions and workflows, as values.

A template's states and transitions (:mod:`~igate.procedures.template`) and a revision's steps
become a workflow (:mod:`~igate.procedures.expansion`, :mod:`~igate.procedures.workflow`) and from
it a checked state machine (:mod:`~igate.procedures.machine`). Files are read in ``reading``; the
catalogue of all procedures stands in ``catalog``. The data stands in ``igate/workflows``.
"""
