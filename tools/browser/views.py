"""What the page shows: its values, and how it looks on screens of several sizes."""

import pathlib

import browser as browsers

LAYOUT = pathlib.Path(__file__).with_name("layout.js").read_text()
VIEWS = [(width, height, theme) for width, height in [(1280, 800), (390, 844)] for theme in ["light", "dark"]]

READ = """
const data = (id) => ({ ...document.getElementById(id)?.dataset });
const value = (key) => { const text = data("value-" + key).value; return text ? Number(text) : null; };
const rows = (selector) => [...document.querySelectorAll(selector)].map((row) => ({ ...row.dataset }));
const names = ["step", "epoch", "loss", "score", "rate", "elapsed", "left"];
const picture = (node) => ({
    kind: node.dataset.kind, ...node.lastChild.dataset,
    label: node.querySelector("[role=img], pre")?.getAttribute("aria-label"),
});
return {
    runState: document.getElementById("run-state").textContent,
    banner: document.getElementById("connection").textContent,
    title: document.getElementById("title").textContent,
    numbers: Object.fromEntries(names.map((key) => [key, value(key)])),
    isSynthetic: !document.getElementById("synthetic").hidden,
    loss: data("loss-chart"), scores: data("score-chart"), timeline: data("timeline"),
    pictures: [...document.querySelectorAll(".picture")].map(picture),
    workers: rows("[data-worker]"), grades: rows("#grades tbody tr"), sum: data("grades-sum"),
    notes: [...document.querySelectorAll("#notes li")].map((note) => note.lastChild.textContent),
    unlabelled: document.querySelectorAll("svg:not([aria-label]):not([aria-hidden])").length,
};
"""


def look(browser: browsers.Browser, name: str, folder: pathlib.Path) -> dict:
    """Takes a screenshot of every view, folder/name-1280x800-light.png and so on, and finds what does not fit."""
    found = {}
    for width, height, theme in VIEWS:
        view = f"{width}x{height}-{theme}"
        browser.look(width, height, theme)
        browser.screenshot(folder / f"{name}-{view}.png", width)
        found[view] = browser.run(LAYOUT)
    return found
