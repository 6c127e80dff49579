"""The picture service: a separate program that speaks the open job contract of ``openapi.yaml``.

It shares no code with the portal. The portal hands it jobs over HTTP; it answers with pictures
and with notices. The engine inside is ``preview``, which composes and never generates.
"""

ENGINE = "preview/1"
