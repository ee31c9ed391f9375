"""Where a submission's code runs: engines, the warm stage, and worlds in it."""
