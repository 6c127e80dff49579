"""Signed PDFs that nobody can lay anything over: made here, and examined without trusting a viewer."""
