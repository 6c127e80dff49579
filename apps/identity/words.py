"""Why a check at Stripe came to nothing, in words that a model reads on her page and in her mail."""

UNDER_AGE = "The document says that you are under 18. Twins are made of adults only."
ANOTHER_DAY = (
    "The document has another date of birth than the one you gave when you joined. Write to us if that was a slip."
)
CANCELED = "The check was cancelled."
NOTHING_SHOWN = "Nothing was shown within seven days."
# The codes of VerificationSession.last_error.
_WHY = {
    "abandoned": "The visit at Stripe was not finished.",
    "consent_declined": "You did not agree to being looked at by Stripe.",
    "country_not_supported": "Stripe does not know documents of this country.",
    "device_not_supported": "This device has no camera that Stripe can use.",
    "document_expired": "The document has expired.",
    "document_type_not_supported": "Stripe does not take this kind of document.",
    "document_unverified_other": "The document could not be read. Daylight, and all four corners, help.",
    "selfie_document_missing_photo": "The document has no photograph to compare with.",
    "selfie_face_mismatch": "The face before the camera is not the one in the document.",
    "selfie_manipulated": "The picture of the face was not taken just now.",
    "selfie_unverified_other": "The face could not be seen well. Daylight, from the front, helps.",
    "under_supported_age": UNDER_AGE,
}


def why(code: str) -> str:
    return _WHY.get(code, "Stripe could not tell.")
