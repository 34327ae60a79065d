"""The personal-data gate: what tells of a person does not come in, by file or by sentence."""
