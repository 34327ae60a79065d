"""What runs by itself: the week's work in its order, and who is told when it did not go well."""
