"""What time does to bookings. Each sweep finds again what a lost message dropped."""

BEAT_SCHEDULE = {
    "bookings-answers": {"task": "apps.bookings.tasks.sweep_answers", "schedule": 30.0},
    "bookings-deadlines": {"task": "apps.bookings.tasks.sweep_deadlines", "schedule": 60.0},
    "bookings-reminders": {"task": "apps.bookings.tasks.sweep_reminders", "schedule": 300.0},
    "bookings-making": {"task": "apps.bookings.tasks.sweep_making", "schedule": 5.0},
    "bookings-licences": {"task": "apps.bookings.tasks.sweep_licences", "schedule": 600.0},
    "bookings-labels": {"task": "apps.bookings.tasks.sweep_labels", "schedule": 120.0},
    "bookings-views": {"task": "apps.bookings.tasks.forget_views", "schedule": 24 * 3600.0},
}
