"""The sheet of a procedure that is posted at the counter."""
