"""What can go wrong with a GPU engine, said as what to do next."""

from apps.integrations.gpu.types import ErrorCode


class EngineError(Exception):
    """Any trouble with an engine."""


class Unreachable(EngineError):
    """The engine could not be asked, and nothing was accepted: try again in `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(Unreachable):
    """The engine takes nothing more just now."""


class BadAnswer(EngineError):
    """The engine answered something outside its contract."""


class SubmitUnknown(EngineError):
    """Nobody knows whether the job was accepted; it may already cost money. Ask for it by its reference."""


class Rejected(EngineError):
    """The engine will never take this job as it is."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnknownJob(EngineError):
    """The engine does not know this job (any more)."""


class OutputGone(EngineError):
    """The picture was kept long enough at the engine and is gone."""


class BadSignature(EngineError):
    """A notice that the engine did not sign, or signed too long ago."""
