"""The visible label of a released picture.

EU AI Act art. 50 (from 2 August 2026) and the New York synthetic performer disclosure (from 9 June 2026): visible at
first exposure; consent does not remove it. One standard wording for now, which says both in a few words.
"""

STANDARD = "standard"


LABEL_TEXT = "AI-made · digital twin"
