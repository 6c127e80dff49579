"""The demonstration programme as data: three agencies, three brands, nine models. Nobody here is real.

The faces are the synthetic people of the `openpeople` package (MIT), made by a machine; P003 is left out, being a
look-alike of another. P010's selfie shows two faces and is left out as well.
"""

from dataclasses import dataclass
from datetime import date

PHOTOGRAPHS = ("studio_portrait", "studio_posture", "amateur_posture", "amateur_selfie")
DOMAIN = "double.example"
JOINED = 245  # days ago, before the first story
PASSWORD = "synthetic-people-only"  # noqa: S105  the demonstration's accounts are public by design


@dataclass(frozen=True)
class Agency:
    slug: str
    name: str
    legal_name: str
    country: str
    about: str
    booker: str
    registration_number: str


@dataclass(frozen=True)
class Brand:
    slug: str
    name: str
    legal_name: str
    country: str
    category: str
    competitor_group: str
    about: str
    producer: str
    vat_number: str
    registration_number: str


@dataclass(frozen=True)
class Elsewhere:
    """In one category, from the day she joined; `by_agency` says who entered it."""

    category: str
    territories: tuple[str, ...]
    days: int
    brand: str
    by_agency: bool


@dataclass(frozen=True)
class Person:
    """`barred` are categories she does not work for; `rate` is her day rate in whole euros; `cover` is the scene of her
    test sheet that she picks for it. `measures` are bust, waist and hips in centimetres, `shoe` a European size. `former` is an agency whose mandate she ended, `offered_by` one whose proposal
    waits for her. `bound` is an exclusivity that she signed elsewhere; `shown_days` is how long she agreed to be shown
    to brands, where that is shorter than the rest. `joined` is how many days ago she did."""

    source: str
    slug: str
    name: str
    board: str
    country: str
    born: date
    height: int
    agency: str | None
    rate: int
    about: str
    hair: str
    eyes: str
    measures: tuple[int, int, int]
    shoe: str
    barred: tuple[str, ...] = ()
    barred_media: tuple[str, ...] = ()
    mother: str | None = None
    mother_bp: int = 0
    former: str | None = None
    offered_by: str | None = None
    language: str = "en-gb"
    photographs: tuple[str, ...] = PHOTOGRAPHS
    cover: str = "hair"
    union: str = ""
    bound: "Elsewhere | None" = None
    shown_days: int = 0
    joined: int = JOINED


# One person a line reads better than the formatter's columns.
# ruff: noqa: E501
AGENCIES = (
    Agency(
        "elan", "Élan Models", "Élan Models SARL", "FR", "A Paris house for editorial and beauty.", "Claire Fontaine",
        "RCS Paris 000 000 001",
    ),
    Agency("northlight", "Northlight", "Northlight Models AB", "SE", "Stockholm, scouting the north.", "Axel Nyström",
           "559000-0001"),
    Agency("casa-nueve", "Casa Nueve", "Casa Nueve S.L.", "ES", "A mother agency in Madrid.", "Lucía Ferrer",
           "Madrid M-000001"),
)  # fmt: skip
BRANDS = (
    Brand(
        "maison-orsay", "Maison Orsay", "Maison Orsay SAS", "FR", "fashion", "premium-ready-to-wear",
        "Tailoring and knitwear from Paris.", "Inès Laurent", "FR83404833048", "RCS Paris 404 833 048",
    ),
    Brand(
        "halden-rye", "Halden & Rye", "Halden & Rye GmbH", "DE", "fashion", "premium-ready-to-wear",
        "Plain clothes, made to last, from Hamburg.", "Jonas Brandt", "DE136695976", "HRB 000002",
    ),
    Brand(
        "vesna", "Atelier Vesna", "Atelier Vesna AB", "SE", "eyewear", "eyewear",
        "Acetate frames, cut by hand in Malmö.", "Sara Lindh", "SE556056625801", "556056-6258",
    ),
)  # fmt: skip
PEOPLE = (
    Person("P001", "noor-adel", "Noor Adel", "women", "FR", date(1989, 4, 12), 179, "elan", 1500,
           "Calm, exact, at home in colour.", "Short black curls", "Dark brown", (84, 62, 90), "40", barred=("fur", "tobacco", "lingerie"), union="Mannequins solidaires"),
    Person("P002", "ines-moreau", "Inès Moreau", "women", "FR", date(1986, 9, 3), 170, "elan", 1200,
           "Twenty years before the lens.", "Dark curls", "Brown", (86, 64, 91), "38.5", barred=("tobacco",), language="fr", cover="mono", shown_days=290),
    Person("P004", "leila-hart", "Leila Hart", "women", "SE", date(1997, 1, 21), 175, "northlight", 1400,
           "Dancer first, model second.", "Black curls, tied", "Brown", (82, 61, 88), "39", barred=("lingerie", "fur"), mother="casa-nueve", mother_bp=1_000, cover="block",
           bound=Elsewhere("beauty", ("DK", "NO", "SE"), 500, "Frost & Daughters", by_agency=False)),
    Person("P005", "rafael-nadir", "Rafael Nadir", "men", "ES", date(1968, 6, 30), 187, "casa-nueve", 1600,
           "The beard is insured.", "Black, slicked; beard", "Brown", (102, 86, 98), "44", barred=("alcohol",), barred_media=("tv",), cover="mono"),
    Person("P006", "anjali-rao", "Anjali Rao", "women", "SE", date(1990, 11, 8), 178, "northlight", 1500,
           "Lines, jewellery, quiet light.", "Black, slicked back", "Dark brown", (83, 60, 89), "40", barred=("fur", "alcohol", "tobacco"), cover="gobo"),
    Person("P007", "mateo-silva", "Mateo Silva", "men", "FR", date(1995, 3, 17), 180, "elan", 1100,
           "Hair with an agent of its own.", "Dark afro curls", "Brown", (96, 77, 94), "43", barred=("tobacco",), mother="casa-nueve", mother_bp=800),
    Person("P008", "kai-lindgren", "Kai Lindgren", "men", "SE", date(1988, 8, 25), 185, "northlight", 1300,
           "Outdoors, any weather.", "Long, light brown", "Blue", (98, 79, 96), "44.5", barred=("fur",), language="sv", cover="gobo", former="elan"),
    Person("P009", "maya-okafor", "Maya Okafor", "women", "FR", date(2004, 5, 2), 177, "elan", 1800,
           "New face of the year, twice.", "Long, black", "Dark brown", (82, 60, 88), "39.5", barred=("lingerie", "tobacco", "alcohol"), cover="block", union="Mannequins solidaires",
           bound=Elsewhere("fragrance", ("BE", "FR", "LU"), 600, "Parfums Solène", by_agency=True)),
    Person("P010", "yasmin-duarte", "Yasmin Duarte", "women", "DE", date(1994, 12, 14), 174, None, 900,
           "Works without an agency, by choice.", "Black, tied back", "Brown", (85, 63, 90), "38", barred=("lingerie", "fur"), offered_by="casa-nueve", language="de", joined=343,
           photographs=("studio_portrait", "studio_posture", "amateur_posture")),
)  # fmt: skip


def address(slug: str) -> str:
    return f"{slug}@{DOMAIN}"
