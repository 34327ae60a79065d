"""What the command line says, in one voice: to stdout what was asked for, to stderr the rest.

Markup is off: a cell, a column or a file may be called `[/b]`, and is told as it is.
"""

from rich.console import Console

out = Console(markup=False, emoji=False)
quiet = Console(stderr=True, markup=False, emoji=False)
