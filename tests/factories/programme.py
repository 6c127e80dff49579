"""The demonstration's people without their pictures: twins are listed at once, no face is read."""

from apps.demonstration.people import actor_of, load_parties, load_talent
from apps.demonstration.programme import PEOPLE
from apps.twins.models import Twin
from tests.factories.people import Person, make_listed_twin


def load_programme(*slugs: str) -> dict[str, Twin]:
    """Agencies, brands and these models with listed twins."""
    load_parties()
    twins = {}
    for person in PEOPLE:
        if person.slug in slugs:
            talent = load_talent(person)
            assert talent.user is not None
            twins[person.slug] = make_listed_twin(talent, Person(talent.user, actor_of(talent.user)))
    return twins
