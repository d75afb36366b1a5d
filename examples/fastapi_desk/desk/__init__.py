"""A desk of a one-stop in the browser: work list, dossier, tracking, and a JSON API."""
