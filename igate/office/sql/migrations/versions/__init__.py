"""The revisions, one file a format; none is ever edited."""
