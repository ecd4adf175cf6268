"""How profiles of concentrations are analysed, and what was decided by hand about them."""
