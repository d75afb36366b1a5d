"""Dossiers and journals in a database: tables, statements, connections."""
