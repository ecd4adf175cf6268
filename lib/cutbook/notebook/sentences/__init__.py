"""The first sentences of a report: templates that read results rows, and keep silent where they would say nothing."""
