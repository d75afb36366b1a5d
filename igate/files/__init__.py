"""Files that people write: strict YAML, the shape of a definition file, what is wrong with it.

Here stand the reader of YAML with the place of each value, the models of fields that every kind of
file shares, findings and their texts, the files that come with the library, and safe writing. It
knows no procedure and no rule; the readers of each kind stand beside what they read.
"""
