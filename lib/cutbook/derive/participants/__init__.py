"""One row a participant: ADSL and what it is made of."""
