"""Documents in and out: plan sheets, registers and exports."""
