"""What people do with options. Every state is written by options.machine.perform."""
