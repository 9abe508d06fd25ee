#!/usr/bin/env python3
"""Watches a run in a real browser, as somebody would who opens its page while the training goes on.

    tools/browser/watch.py --name q3 --into DIR -- coordinator --dashboard 127.0.0.1:0 q3

Writes screenshots, DIR/q3-1280x800-light.png and so on, and what it saw, DIR/q3.json. Ends with exit code 0 if the run
could be watched to its end; whether what was seen is right is for others to judge.
"""

import argparse
import json
import pathlib
import sys
import time

import browser as browsers
import runs
import views

DRAWN = """document.getElementById('loss-chart').dataset.count >= %d && document.querySelector('.picture')
    && document.getElementById('timeline').dataset.steps > 0"""
OPEN = "document.getElementById('run-state').dataset.connection === 'open'"
BACK = OPEN + " && document.querySelector('.picture')"
OVER = "document.getElementById('run-state').textContent === 'finished'"
GONE = "document.getElementById('run-state').dataset.connection === 'lost'"

# The newest question: as the server tells of it, and as the page holds it; other scripts reach its top-level names.
SERVED = """return fetch('/state').then((answer) => answer.json())
    .then(({ questions }) => ({ ...questions.at(-1), pictures: 0 }))"""
HELD = "return { ...shownQuestion(), pictures: 0 }"


def watch(browser: browsers.Browser, run: runs.Run, arguments: argparse.Namespace) -> dict:
    """Opens the page, loads it anew in mid-run, and looks at it again when the run is over."""
    name, folder = arguments.name, arguments.into
    browser.open(run.page())
    browser.wait(OPEN, "the run")
    run.slow_motion(arguments.speed)
    browser.wait(DRAWN % arguments.points, "the training")
    # While nothing happens, the page comes to hold what the server tells, by changes alone.
    run.slow_motion(0)
    time.sleep(1)
    browser.screenshot(folder / f"{name}-live.png", 1280)
    seen = {"early": browser.run(views.READ), "held": browser.run(HELD), "before": browser.run(SERVED)}
    run.slow_motion(arguments.speed)
    browser.reload()
    browser.wait(BACK, "the run after a reload")
    seen["reloaded"] = browser.run(views.READ)
    seen["after"] = browser.run(HELD)
    seen["complaints"] = browser.complaints()
    run.full_speed()

    browser.wait(OVER, "the end of the run", 240)
    seen["status"] = run.process.wait(30)
    browser.wait(GONE, "that the server is gone")
    seen["final"] = browser.run(views.READ)
    # That nobody answers any more is a complaint of the network; all others are the page's own.
    seen["complaints"] += [one for one in browser.complaints() if one["source"] != "network"]
    seen["layout"] = views.look(browser, name, folder)
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True, help="what the files are called")
    parser.add_argument("--into", required=True, type=pathlib.Path, help="the folder they go to")
    parser.add_argument("--points", type=int, default=20, help="load the page anew when the curve has as many points")
    parser.add_argument("--speed", type=float, default=100, help="per cent of full speed until then")
    parser.add_argument("--deadline", type=int, default=300, help="seconds until everything is ended")
    parser.add_argument("command", nargs="+", help="the coordinator, with --dashboard 127.0.0.1:0")
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)

    def work() -> None:
        # The browser takes longer to start than many a training.
        with browsers.Browser() as browser:
            browser.look(1280, 800, "light")
            seen = watch(browser, runs.Run(arguments.command), arguments)
        (arguments.into / f"{arguments.name}.json").write_text(json.dumps(seen, indent=1))

    return browsers.session(work, arguments.deadline)


if __name__ == "__main__":
    sys.exit(main())
