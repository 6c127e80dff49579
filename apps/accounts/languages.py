"""In which language a person is written to: her own choice, before that what her invitation or her browser says."""

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from apps.common.legal_texts import LANGUAGES, language_of

SESSION_KEY = "language"  # of the invitation through which she came
SPOKEN = tuple("en-gb" if code == "en" else code for code in LANGUAGES)  # as User.language holds them
ENGLISH = SPOKEN[0]


def came_with(request: HttpRequest, language: str) -> None:
    """Somebody opened an invitation in this language: an account that she makes now begins with it."""
    request.session[SESSION_KEY] = language


def wished(request: HttpRequest | None) -> str:
    """The language of ours that she wants most, English when we write none of hers."""
    if request is None:
        return ENGLISH
    invited = request.session.get(SESSION_KEY)
    accepted = [code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for code in [invited, *accepted] if invited else accepted:
        if code.partition("-")[0] in LANGUAGES:
            return ENGLISH if language_of(code) == "en" else language_of(code)
    return ENGLISH


def of_address(address: str, request: HttpRequest | None) -> str:
    """That of the account which has this address; without one, what the browser that asks says."""
    rows = EmailAddress.objects.filter(email__iexact=address).order_by("-verified").select_related("user")
    known = rows.first()
    return known.user.language if known else wished(request)
