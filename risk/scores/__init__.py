"""How good a forecast was: measures, past origins, rivals."""
