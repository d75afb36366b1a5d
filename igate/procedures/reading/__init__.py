"""From procedure and template files to values, with a finding for all that is wrong."""
