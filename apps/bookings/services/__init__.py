"""The business acts of a booking, one keyword-only function each; see the modules."""
