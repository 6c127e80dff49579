"""Every mail that leaves the site: one look, HTML and text, in one language."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from apps.common.legal_texts import language_of
from apps.common.wording import Saying, word, words_of


def letter(saying: Saying, *, to: str, language: str, link: str) -> EmailMultiAlternatives:
    """Ready to be handed over. `link` is the whole address of the page that the button leads to."""
    words, short = words_of(saying, language), language_of(language)
    context = {
        "words": words,
        "link": link,
        "site": settings.SITE_URL,
        "language": short,
        "button": word("mail", "button", short),
        "hint": word("mail", "hint", short),
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(words.title.splitlines()),
        body=render_to_string("mail/letter.txt", context),
        to=[to],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": short},
    )
    mail.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return mail
