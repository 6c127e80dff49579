"""News from generation to the apps above.

Each is sent in a transaction of its own, after the one that it tells of, and again until the receivers' work commits:
receivers must bear hearing it twice. In that transaction no row but the job's is locked yet.
"""

from django.dispatch import Signal

# A picture passed the checks, or a person has to look at it. Arguments: candidate.
candidate_ready = Signal()
# A job ended for good without a picture: attempts and remakes are used up, or it was cancelled. Not sent for a job
# whose picture is being made again. Arguments: job (with error_code).
job_ended = Signal()
# A rule forbade the GPU call; the job ended as failed with that reason and job_ended is not sent for it. When the rule
# allows again, order the missing pictures anew. Arguments: job, reason (code), message.
authorisation_refused = Signal()
