"""The seeded generator of the demonstration study: synthetic data, shaped on what is public about one trial."""
