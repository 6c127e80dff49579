"""What time does to options."""

BEAT_SCHEDULE = {"options-sweep": {"task": "apps.options.tasks.sweep", "schedule": 60.0}}
