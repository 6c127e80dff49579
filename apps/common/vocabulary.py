"""The closed lists that price, boundaries, licences and screens share. Codes are stored, labels are shown."""

from django.db import models


class Medium(models.TextChoices):
    OWN = "own", "Own site and organic social"
    ECOMMERCE = "ecommerce", "E-commerce"
    PAID_SOCIAL = "paid_social", "Paid social"
    MULTI_RETAILER = "multi_retailer", "Multi-retailer"
    OUT_OF_HOME = "out_of_home", "Out-of-home"
    TV = "tv", "Television"


class Category(models.TextChoices):
    FASHION = "fashion", "Ready-to-wear"
    DENIM = "denim", "Denim"
    SPORTSWEAR = "sportswear", "Sportswear"
    OUTERWEAR = "outerwear", "Outerwear"
    KNITWEAR = "knitwear", "Knitwear"
    FOOTWEAR = "footwear", "Footwear"
    BAGS = "bags", "Bags and leather goods"
    JEWELLERY = "jewellery", "Jewellery and watches"
    EYEWEAR = "eyewear", "Eyewear"
    BEAUTY = "beauty", "Beauty"
    FRAGRANCE = "fragrance", "Fragrance"
    HAIR = "hair", "Hair"
    SWIM = "swim", "Swimwear"
    LINGERIE = "lingerie", "Lingerie"
    FUR = "fur", "Fur"
    ALCOHOL = "alcohol", "Alcohol"
    TOBACCO = "tobacco", "Tobacco"


CURRENCIES = ("EUR", "GBP", "USD", "SEK", "DKK", "NOK", "CHF")  # what prices are made in


class Exclusivity(models.TextChoices):
    NONE = "none", "None"
    CATEGORY = "category", "In the category"
    FULL = "full", "Full"


class LicenceType(models.TextChoices):
    """What a model licenses at all."""

    A = "a", "Type A: beside others, without exclusivity"
    B = "b", "Type B: with exclusivity, in the category or in full"

    @classmethod
    def of(cls, exclusivity: str) -> "LicenceType":
        return cls.A if exclusivity == Exclusivity.NONE else cls.B


class Window(models.IntegerChoices):
    """Length of a licence in months; longer is not priced."""

    THREE = 3, "3 months"
    SIX = 6, "6 months"
    TWELVE = 12, "12 months"
    TWENTY_FOUR = 24, "24 months"
    THIRTY_SIX = 36, "36 months"


class Format(models.TextChoices):
    PORTRAIT = "4:5", "4:5 portrait"
    SQUARE = "1:1", "1:1 square"
    STORY = "9:16", "9:16 story"
    WIDE = "16:9", "16:9 wide"


FORMAT_SIZES: dict[str, tuple[int, int]] = {
    Format.PORTRAIT: (1080, 1350),
    Format.SQUARE: (1080, 1080),
    Format.STORY: (1080, 1920),
    Format.WIDE: (1920, 1080),
}
