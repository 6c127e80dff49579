"""Stripe behind our own words: amounts in minor units, our types, two kinds of failure. Nobody else imports the SDK."""
