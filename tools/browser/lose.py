#!/usr/bin/env python3
"""Watches a run that is killed, and the next one at the same address.

    tools/browser/lose.py --then "q1" -- coordinator --dashboard 127.0.0.1:0 q2

The second run has the arguments of the first, but for the address and for the question, which is the last of them.
Prints what the page showed of the first, in between, and of the second, as JSON.
"""

import argparse
import json
import re
import sys

import browser as browsers
import runs
import views

# Per cent of full speed, so that a short training can be caught.
SLOW = 2
OPEN = "document.getElementById('run-state').dataset.connection === 'open'"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--then", required=True, help="the question of the second run")
    parser.add_argument("--deadline", type=int, default=200, help="seconds until everything is ended")
    parser.add_argument("command", nargs="+", help="the coordinator, with --dashboard 127.0.0.1:0")
    arguments = parser.parse_args()

    def work() -> None:
        seen = {}
        with browsers.Browser() as browser:
            first = runs.Run(arguments.command)
            browser.open(first.page())
            browser.wait(OPEN, "the first run")
            first.slow_motion(SLOW)
            browser.wait("Number(document.getElementById('value-step')?.dataset.value) > 0", "its steps")
            first.kill()
            browser.wait("document.getElementById('run-state').dataset.connection === 'lost'", "the loss")
            seen["lost"] = browser.run(views.READ)
            port = re.search(r":(\d+)", first.page()[5:]).group(1)
            command = [argument.replace("127.0.0.1:0", f"127.0.0.1:{port}") for argument in arguments.command]
            second = runs.Run(command[:-1] + [arguments.then])
            browser.wait(OPEN, "the second run")
            second.full_speed()
            browser.wait("document.getElementById('run-state').textContent === 'finished'", "its end")
            seen["next"] = browser.run(views.READ)
        json.dump(seen, sys.stdout)

    return browsers.session(work, arguments.deadline)


if __name__ == "__main__":
    sys.exit(main())
