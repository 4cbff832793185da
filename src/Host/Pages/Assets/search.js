// Suggestions while somebody types.
