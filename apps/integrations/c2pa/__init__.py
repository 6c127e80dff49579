"""Content Credentials (C2PA): signing our own pictures, and reading anybody's without being hurt."""
