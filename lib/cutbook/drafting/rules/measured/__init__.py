"""Rules about what was measured: visits, families of measurements, concentrations."""
