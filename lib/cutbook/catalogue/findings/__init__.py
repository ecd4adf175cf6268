"""Displays of measurements that judge them: cerebrospinal fluid, laboratory, liver, vital signs, electrocardiogram."""
