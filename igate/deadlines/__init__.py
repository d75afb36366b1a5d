"""From a time limit to a due date that can be explained.

A limit (:mod:`~igate.deadlines.limits`) runs under dated rules (:mod:`~igate.deadlines.rules`, data
in ``vn/``), stops and restarts (:mod:`~igate.deadlines.suspension`), is counted on the calendar
(:mod:`~igate.deadlines.counting`) and gives a deadline with its proof. Whole columns are counted in
:mod:`igate.deadlines.columns`. It knows neither procedures nor dossiers.
"""
