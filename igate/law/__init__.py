"""The words of the law that everything else is written in.

Citations (:mod:`~igate.law.citation`), periods and timelines of what is in force
(:mod:`~igate.law.period`), local time (:mod:`~igate.law.localtime`). Any package may import it; it
imports nothing but :mod:`igate.errors`.
"""
