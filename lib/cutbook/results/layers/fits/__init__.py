"""What models say as rows of a results table: one file a method (see `cutbook.catalogue.kinds.estimates`)."""
