"""Commands of whoever watches over the service."""
