"""How long what is kept stays, and how it goes: secrets, retention, forgetting."""
