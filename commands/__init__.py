"""Commands of kalbar-risk that come in groups."""
