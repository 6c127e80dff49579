"""`manage.py load_demonstration`: the programme's people and twins, and bookings of half a year really made.

Goes on where an interrupted load ended, and does nothing once all is loaded. Needs web and GPU service, and neither
worker nor beat: it lives through the past under a clock of its own, which theirs would cut short.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.bookings.tasks import sweep_licences
from apps.demonstration.begun import has_begun
from apps.demonstration.choices import load_choices
from apps.demonstration.composed import load_compositions
from apps.demonstration.history.loading import cast, programme, tell_stories, untold
from apps.demonstration.history.places import offer_a_renewal, state_what_was_taken_down
from apps.demonstration.history.post import TookTooLong, workers_answer
from apps.demonstration.invited import are_invited
from apps.demonstration.kept import is_asked_for, remind_who_is_due
from apps.demonstration.options import has_options, put_options
from apps.demonstration.payouts import load_payouts
from apps.demonstration.people import (
    actor_of,
    all_are_there,
    load_archive,
    load_begun_set,
    load_invitations,
    load_new_programme,
    load_people,
    load_talking,
    user_of,
)
from apps.demonstration.programmes import has_new_programme
from apps.royalties.tasks import close_last_month


class Command(BaseCommand):
    help = "Load the demonstration programme."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Only the demonstration loads demonstration data.")
        stories = programme(short=settings.DEMONSTRATION_PROGRAMME == "short")
        people = cast(stories)
        ended = are_invited() and has_new_programme() and has_begun() and is_asked_for() and has_options()
        if all_are_there(people) and not untold(stories) and ended:
            load_payouts(actor_of)
            load_talking()
            load_choices(actor_of)
            load_compositions()
            return
        if workers_answer():
            raise CommandError("Stop worker and beat first: the demonstration's past is told under a clock of its own.")
        try:
            load_people(people, say=self.stdout.write)
            tell_stories(stories, say=self.stdout.write)
        except TookTooLong as error:
            raise CommandError(f"{error}. The next start goes on from here.") from error
        load_invitations()
        load_new_programme()
        load_begun_set()
        load_archive()
        put_options(lambda slug: actor_of(user_of(slug)))
        load_payouts(actor_of)
        load_talking()
        load_choices(actor_of)
        load_compositions()
        # What the nights since then would have done.
        sweep_licences()
        titles = {story.slug: story.title for story in stories}
        state_what_was_taken_down(titles)
        offer_a_renewal(titles)
        close_last_month()
        remind_who_is_due()
