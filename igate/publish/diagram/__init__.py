"""Workflows as pictures: Mermaid, SVG, PNG."""
