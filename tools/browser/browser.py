"""A headless Chromium, driven by WebDriver (https://www.w3.org/TR/webdriver2/) through chromedriver.

Needs nothing but the standard library, and the Debian packages chromium and chromium-driver.
"""

import base64
import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


class BrowserError(Exception):
    """What the browser cannot do, in one line."""


def die_with_parent() -> None:
    """For a child that is about to run another program."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def end_descendants() -> None:
    """Kills every process that this one started, and what those started, and waits for all of them."""
    while children := [
        int(child)
        for task in pathlib.Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    ]:
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


def session(work: Callable[[], None], seconds: int) -> int:
    """Does some work with browsers and other processes, none of which is left when it is done, fails or takes too long.

    Returns the exit code: 0, or 1 if something went wrong, which is said on standard error.
    """

    def give_up(number: int, _) -> None:
        raise BrowserError("the deadline has passed" if number == signal.SIGALRM else "told to end")

    signal.signal(signal.SIGTERM, give_up)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    # What children leave behind becomes a child of this process, so that it can be ended.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        work()
        return 0
    except (BrowserError, OSError, subprocess.TimeoutExpired) as error:
        print(f"{pathlib.Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        return 1
    finally:
        signal.alarm(0)
        end_descendants()


class Browser:
    """One page in a browser of its own, within a `session`; `with` ends it."""

    def __init__(self, seconds: float = 60):
        driver = shutil.which("chromedriver")
        if driver is None or shutil.which("chromium") is None:
            raise BrowserError("cannot find chromium and chromedriver: run tools/setup test")
        self.profile = tempfile.mkdtemp(prefix="lockstep-browser-")
        self.timeout = seconds
        self.process = subprocess.Popen(
            [driver, "--port=0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=die_with_parent,
        )
        port = None
        for line in self.process.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                port = found.group(1)
                break
        if port is None:
            raise BrowserError("chromedriver does not start")
        self.session = f"http://127.0.0.1:{port}/session"
        arguments = ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]
        arguments += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
        arguments.append(f"--user-data-dir={self.profile}")
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium refuses to sandbox itself as root.
        capabilities = {
            "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")},
            "goog:loggingPrefs": {"browser": "ALL"},
            "pageLoadStrategy": "eager",
        }
        answer = self._call("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self.session += "/" + answer["sessionId"]

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_) -> None:
        try:
            self._call("DELETE", "")
        except (OSError, BrowserError):
            pass
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _call(self, method: str, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.session + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise BrowserError(json.load(error)["value"]["message"].splitlines()[0]) from None

    def _command(self, name: str, **parameters):
        """A command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    def reload(self) -> None:
        self._call("POST", "/refresh", {})

    def run(self, script: str):
        """What a script returns, which is the body of a function; a promise is waited for."""
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def wait(self, condition: str, what: str, seconds: float = 60) -> None:
        """Waits until an expression of the page is true; an error if what it stands for does not come in time."""
        end = time.monotonic() + seconds
        while not self.run(f"return Boolean({condition})"):
            if time.monotonic() > end:
                raise BrowserError(f"the page does not show {what}")
            time.sleep(0.05)

    def press(self, key: str) -> None:
        """Presses a key: a name of the DevTools protocol, such as Tab."""
        for kind in ("rawKeyDown", "keyUp"):
            self._command("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEY_CODES[key])

    def look(self, width: int, height: int, theme: str) -> None:
        """Sets the size of the page and whether the reader prefers light or dark; the page has drawn itself then."""
        self._command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self._command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        frame = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)))"
        self.run(f"return new Promise((done) => {frame})")

    def screenshot(self, file: pathlib.Path, width: int, height: int | None = None, scale: float = 1) -> None:
        """Writes a picture of the page, down to its end or of some height."""
        height = height or self.run("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        image = self._command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(image["data"]))

    def complaints(self) -> list[dict]:
        """What the page has written to the console since the last time: source, level and message."""
        return self._call("POST", "/se/log", {"type": "browser"})


KEY_CODES = {"Tab": 9, "ArrowRight": 39, "ArrowLeft": 37, "Home": 36, "End": 35, "Enter": 13}
