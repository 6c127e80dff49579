"""The invitation of a model in the languages we have it in; any other language gets the English one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """`title` and `body` with the agency's name and the days for which the link works put in."""

    title: str
    body: str

    def of(self, agency: str, days: int) -> tuple[str, str]:
        return self.title.format(agency=agency), self.body.format(agency=agency, days=days)


TEXTS = {
    "en": Text(
        "{agency} invites you to Double",
        "{agency} asks you to join Double, where models own, license and get paid for their digital twins.\n"
        "Opening the link decides nothing. No picture of you is made or used without your own yes, each time.\n"
        "The link works once, for {days} days. If you did not expect this, leave it: nothing happens.",
    ),
    "fr": Text(
        "{agency} vous invite sur Double",
        "{agency} vous propose de rejoindre Double, où les mannequins possèdent leur double numérique, en accordent "
        "les licences et en sont payés.\n"
        "Ouvrir le lien ne décide de rien. Aucune image de vous n'est faite ni utilisée sans votre propre oui, chaque "
        "fois.\n"
        "Le lien fonctionne une fois, pendant {days} jours. Si vous n'attendiez pas ce message, laissez-le : il ne se "
        "passe rien.",
    ),
    "de": Text(
        "{agency} lädt dich zu Double ein",
        "{agency} bittet dich zu Double, wo Models ihren digitalen Zwilling besitzen, lizenzieren und dafür bezahlt "
        "werden.\n"
        "Der Link entscheidet nichts. Kein Bild von dir wird gemacht oder benutzt ohne dein eigenes Ja, jedes Mal.\n"
        "Der Link gilt einmal, {days} Tage lang. Hast du das nicht erwartet, lass es liegen: Es geschieht nichts.",
    ),
    "it": Text(
        "{agency} ti invita su Double",
        "{agency} ti chiede di entrare in Double, dove chi fa la modella o il modello possiede il proprio gemello "
        "digitale, lo dà in licenza e viene pagato.\n"
        "Aprire il link non decide nulla. Nessuna tua immagine viene fatta o usata senza il tuo sì, ogni volta.\n"
        "Il link vale una volta, per {days} giorni. Se non lo aspettavi, lascialo stare: non succede nulla.",
    ),
    "es": Text(
        "{agency} te invita a Double",
        "{agency} te propone entrar en Double, donde las modelos y los modelos son dueños de su gemelo digital, lo "
        "licencian y cobran por él.\n"
        "Abrir el enlace no decide nada. Ninguna imagen tuya se hace ni se usa sin tu propio sí, cada vez.\n"
        "El enlace funciona una vez, durante {days} días. Si no lo esperabas, déjalo: no pasa nada.",
    ),
}


def text_in(language: str) -> Text:
    """`language` is a BCP 47 code: "fr-be" is written to in French."""
    return TEXTS.get(language.split("-")[0], TEXTS["en"])
