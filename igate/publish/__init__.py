"""What people read: sheets, diagrams, reports, notices, calendar files, comparisons.

Values come in, texts go out. Nothing in the library below the commands imports this package.
"""
