"""The preview engine: composites captured photographs into scenes, on one CPU core.

It never generates: every pixel of the person comes from a photograph of that person. What it
cannot do is said openly in README.md: new poses, hands, gaze and garment shapes.
"""
