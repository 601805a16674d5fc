"""The wiring: settings become engine, app and scheduler here, and nowhere else."""
