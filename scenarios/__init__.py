"""What is tried: preset files, the typed scenario, designs and sweeps, the command line."""
