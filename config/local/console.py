"""What `make run` says: each step and its seconds, a sign of life in the long ones, and at the end where time went."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

QUIET = 4.0  # seconds without a word before a sign of life
WIDTH = 40  # columns of the names in the summary


@dataclass
class Part:
    """A step, or a part of one. `seconds` is None while it lasts."""

    name: str
    began: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    parts: list["Part"] = field(default_factory=list)

    def end(self) -> None:
        self.end_parts()
        self.seconds = time.monotonic() - self.began

    def end_parts(self) -> None:
        for part in self.parts:
            if part.seconds is None:
                part.end()


class Console:
    def __init__(self) -> None:
        self.steps: list[Part] = []
        self._spoke = time.monotonic()

    def say(self, text: str) -> None:
        self._spoke = time.monotonic()
        with contextlib.suppress(OSError):  # a closed terminal must not keep the processes from being ended
            print(text, flush=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.say(f"  {name} …")
        step = Part(name)
        self.steps.append(step)
        try:
            yield
        finally:
            step.end()
        self.say(f"  {name}: {step.seconds:.1f} s")

    def told(self, line: str) -> None:
        """A line of the command that runs in this step. One that ends in “…” begins a part of the step."""
        if line.endswith(" …") and self._current:
            self._current.end_parts()
            self._current.parts.append(Part(line.removesuffix(" …").strip()))
        self.say(f"    {line}")

    def pulse(self) -> None:
        """A sign of life, if a step is under way and nothing was said for long."""
        step = self._current
        if step and time.monotonic() - self._spoke > QUIET:
            self.say(f"    … {step.name}, {time.monotonic() - step.began:.0f} s")

    def already(self, name: str, seconds: float) -> None:
        """A step that another program did before."""
        self.steps.append(Part(name, seconds=seconds))

    def summary(self) -> str:
        lines = ["Where the time went:"]
        for step in self.steps:
            lines.append(f"  {step.name:<{WIDTH}}{step.seconds or 0:>8.1f} s")
            lines += [f"    {part.name:<{WIDTH - 2}}{part.seconds or 0:>8.1f} s" for part in step.parts]
        return "\n".join(lines)

    @property
    def _current(self) -> Part | None:
        return self.steps[-1] if self.steps and self.steps[-1].seconds is None else None
