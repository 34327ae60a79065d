"""How fast and how well data is read, kept, linked, told and hidden."""
