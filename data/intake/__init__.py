"""From a file to checked rows: tables, formats, crosswalk, checks, mending."""
