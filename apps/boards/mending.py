"""Working rows of findable twins out anew, since a mandate begins or ends with a day, which no trigger sees; and
forgetting the words that no row has any more.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from apps.talent.models import Mandate
from apps.twins.models import Twin

AT_ONCE = 500
# The facts on one side, the rows on the other: what is on one of them only, or differs.
DIFFERENT = """
    WITH facts AS (SELECT * FROM boards_facts(%(talents)s)),
    rows AS (
        SELECT f.* FROM boards_findable f JOIN twins_twin t ON t.id = f.twin_id WHERE t.talent_id = ANY (%(talents)s)
    )
    SELECT DISTINCT t.talent_id FROM (
        (SELECT * FROM facts EXCEPT SELECT * FROM rows) UNION ALL (SELECT * FROM rows EXCEPT SELECT * FROM facts)
    ) other JOIN twins_twin t ON t.id = other.twin_id
"""

# A word that comes back at this very moment is put back; at worst a mistyped one misses it until the next time.
FORGET = """
    WITH words AS MATERIALIZED (
        SELECT DISTINCT unnest(string_to_array(btrim(words), ' ')) AS text FROM boards_findable
    ),
    back AS (INSERT INTO boards_word (text) SELECT text FROM words ON CONFLICT DO NOTHING)
    DELETE FROM boards_word WHERE text NOT IN (SELECT text FROM words)
"""


def mend_of_today(today: date) -> int:
    """Those whose mandates began or ended since yesterday. Answers how many rows were not as the facts say."""
    since = today - timedelta(days=1)
    turned = Q(starts_on__range=(since, today)) | Q(ends_on__range=(since, today)) | Q(ended_on__range=(since, today))
    return _in_batches(Mandate.objects.filter(turned).values_list("talent_id", flat=True).distinct())


def mend_all() -> int:
    """Everybody. Answers how many rows were not as the facts say; none, unless a day was missed."""
    return _in_batches(Twin.objects.values_list("talent_id", flat=True))


def forget_words() -> int:
    """Those that no findable twin has any more. Answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        return cursor.rowcount


def _in_batches(talents: Iterable[UUID]) -> int:
    """Batch by batch, so that no lock is held for long."""
    every = sorted(talents)
    return sum(_mend(every[start : start + AT_ONCE]) for start in range(0, len(every), AT_ONCE))


@transaction.atomic
def _mend(talents: list[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT, {"talents": talents})
        different = [row[0] for row in cursor.fetchall()]
        if different:
            cursor.execute("SELECT boards_refresh(%s)", [different])
    return len(different)
