"""All procedures together: find, list, search, summarise, start a new file."""
