"""`make screenshots`: every page as everybody who may open it, on a desk and a phone, in light and dark."""
