"""News from twins to the apps above. All are sent inside the transaction that they tell of."""

from django.dispatch import Signal

# A capture set is complete and waits for its enrolment at the GPU service. Arguments: version, by.
enrolment_asked = Signal()
# The enrolment is done and the version waits for its test sheet. Arguments: version.
version_trained = Signal()
# The talent can look at the test sheet. Arguments: version.
version_ready = Signal()
# The enrolment came to nothing. Arguments: version, reason (text for the talent).
version_failed = Signal()
# The talent did not recognise herself in the test sheet. Arguments: version, by.
version_rejected = Signal()
# Arguments: twin, by.
twin_listed = Signal()
twin_paused = Signal()
twin_resumed = Signal()
# Photographs, face vectors and the twin's key are gone. Arguments: twin, by.
twin_erased = Signal()
