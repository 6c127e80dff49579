"""News from generation to the apps above."""

from django.dispatch import Signal

# A picture passed the checks, or a person has to look at it. Sent inside the transaction. Arguments: candidate.
candidate_ready = Signal()
# A job ended for good without a picture: attempts and remakes are used up, or it was cancelled. Sent inside the
# transaction; not sent for a job whose picture is being made again. Arguments: job (with error_code).
job_ended = Signal()
# A rule forbade the GPU call; the job ended as failed with that reason and job_ended is not sent for it. When the rule
# allows again, order the missing pictures anew. Sent inside the transaction. Arguments: job, reason (code), message.
authorisation_refused = Signal()
