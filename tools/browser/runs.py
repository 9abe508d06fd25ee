"""Runs of the coordinator that are watched, and made slow enough for it."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import browser as browsers


class Run:
    """A run of the coordinator; the command asks for a dashboard.

    Its workers are stopped at first, until somebody looks, and then may compute for a part of the time: so a training
    can be watched that is over in a tenth of a second. Its result stays the same.
    """

    PERIOD = 0.1

    def __init__(self, command: list[str]):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=browsers.die_with_parent,
        )
        self.lines: list[str] = []
        self.address: str | None = None
        self.knows = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        self.share = 0.0
        self.is_fast = threading.Event()
        self.thread = threading.Thread(target=self._slow, daemon=True)
        self.thread.start()

    def page(self) -> str:
        """The address of its page."""
        self.knows.wait(60)
        if self.address is None:
            raise browsers.BrowserError(f"the run tells no address: {''.join(self.lines)}")
        return self.address

    def slow_motion(self, percent: float) -> None:
        """Lets the workers compute for a part of the time."""
        self.share = percent / 100

    def full_speed(self) -> None:
        """Lets them compute as they like."""
        self.is_fast.set()
        self.thread.join()
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends it as a crash would."""
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line)
            if found := re.search(r"http://\S+", line):
                self.address = found.group()
                self.knows.set()
        self.knows.set()

    def _slow(self) -> None:
        while not self.is_fast.is_set():
            end = time.monotonic() + self.PERIOD * (1 - self.share)
            while time.monotonic() < end and not self.is_fast.is_set():
                # Again and again, for those that have only just been started.
                self._signal(signal.SIGSTOP)
                time.sleep(0.002)
            if self.share:
                self._signal(signal.SIGCONT)
                time.sleep(self.PERIOD * self.share)

    def _signal(self, number: int) -> None:
        process = self.process.pid
        try:
            workers = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
        except OSError:
            return  # The run is over.
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(worker), number)
