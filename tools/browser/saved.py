#!/usr/bin/env python3
"""Opens a page that --html wrote, walks through its questions by the keyboard, and prints what it saw as JSON.

    tools/browser/saved.py --name saved --into DIR page.html
"""

import argparse
import json
import pathlib
import sys

import browser as browsers
import views

FOCUSED = """
const one = document.activeElement;
const style = getComputedStyle(one);
return { id: one.id, role: one.getAttribute("role"), question: one.dataset.question ?? null,
    hasOutline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True, help="what the screenshots are called")
    parser.add_argument("--into", required=True, type=pathlib.Path, help="the folder they go to")
    parser.add_argument("--deadline", type=int, default=120, help="seconds until everything is ended")
    parser.add_argument("page", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)

    def work() -> None:
        with browsers.Browser() as browser:
            browser.look(1280, 800, "light")
            browser.open(arguments.page.resolve().as_uri())
            browser.wait("document.querySelector('[role=tab]')", "its questions")
            seen = {"first": browser.run(views.READ), "focus": [], "walk": []}
            # From the beginning: the theme, the tabs, and into the page.
            for _ in range(3):
                browser.press("Tab")
                seen["focus"].append(browser.run(FOCUSED))
            browser.run("document.querySelector('[role=tab][aria-selected=true]').focus()")
            for key in ["Home", "ArrowRight", "ArrowRight", "ArrowLeft", "End"]:
                browser.press(key)
                seen["walk"].append({**browser.run(FOCUSED), **browser.run(views.READ)})
            seen["elements"] = browser.run("return document.querySelectorAll('img, iframe, object, embed').length")
            seen["requests"] = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)")
            seen["layout"] = views.look(browser, arguments.name, arguments.into)
            seen["complaints"] = browser.complaints()
        json.dump(seen, sys.stdout)

    return browsers.session(work, arguments.deadline)


if __name__ == "__main__":
    sys.exit(main())
