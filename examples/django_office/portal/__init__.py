"""The host: a portal with forms of its own."""
