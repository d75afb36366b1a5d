"""Tools for those who test their own procedures and stores (``pip install "igate[testing]"``).

``igate.testing.contract`` holds the cases that every store must pass.
"""
