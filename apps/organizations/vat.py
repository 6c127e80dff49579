"""VAT numbers: form and checksum by python-stdnum, which follows the published rule of each country.

Whether a number is in force only the state's own register says (VIES in the EU); staff look there when they check.
"""

from stdnum.ch import vat as ch
from stdnum.eu import vat as eu
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as gb
from stdnum.no import mva as no

from apps.common.errors import InvalidInput
from apps.common.territories import country_name

EU = frozenset(code.upper() for code in eu.MEMBER_STATES) - {"XI"}  # XI is Northern Ireland's prefix, no country
_PREFIX = {"GR": "EL"}  # Greece's numbers begin with its own name
_LONGEST = 20


def checked_vat_number(number: str, *, country: str, required: bool) -> str:
    """The number in its compact form with the country's prefix, "" for none.

    `required` asks companies of the EU for one; elsewhere it stays optional. A number of another country, of the wrong
    form or with a wrong checksum raises InvalidInput(field="vat_number"). Countries without a rule here keep what was
    typed.
    """
    typed = number.strip().upper()
    if not typed:
        if required and country in EU:
            raise InvalidInput("Companies in the EU need their VAT number here.", field="vat_number")
        return ""
    try:
        found = _compact(typed, country)
    except ValidationError as error:
        raise InvalidInput(
            f"This is no VAT number of {country_name(country)}. Check the digits and the country.", field="vat_number"
        ) from error
    if len(found) > _LONGEST:
        raise InvalidInput(f"At most {_LONGEST} characters.", field="vat_number")
    return found


def _compact(typed: str, country: str) -> str:
    if country in EU:
        prefix = _PREFIX.get(country, country)
        bare = "".join(sign for sign in typed if sign.isalnum())
        return str(eu.validate(bare if bare.startswith(prefix) else prefix + bare))
    if country == "GB":
        return "GB" + str(gb.validate(typed))
    if country == "CH":
        return str(ch.validate(typed))
    if country == "NO":
        return "NO" + str(no.validate(typed))
    return "".join(typed.split())
