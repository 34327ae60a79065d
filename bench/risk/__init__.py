"""How well the forecast forecasts: on real events, and in invented worlds whose truth is known."""
