"""Results judged by published criteria: grades of CTCAE, levels of the FDA's guide, the liver."""
