// Numbers as people read them, and elements of the page. Text of the run only ever goes in as text, never as HTML.

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const grouped = (value) => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
const decimals = (value, places) => (isNumber(value) ? value.toFixed(places).replace("-", "−") : "–");

/// About three significant digits, however large or small.
function compact(value) {
    if (!isNumber(value)) return "–";
    const size = Math.abs(value);
    if (size >= 1e6) return decimals(value / 1e6, size >= 1e7 ? 0 : 1) + "\u00a0M";
    if (size >= 1e4) return grouped(value);
    if (size >= 100) return decimals(value, 0);
    if (size >= 1) return decimals(value, 2);
    if (size >= 0.01 || size === 0) return decimals(value, 4);
    if (size >= 0.0001) return value.toPrecision(3).replace("-", "−");
    return value.toExponential(1).replace("e-", "\u00b710^−").replace("-", "−");
}

function duration(seconds) {
    if (!isNumber(seconds)) return "–";
    if (seconds < 10) return decimals(seconds, 1) + "\u00a0s";
    if (seconds < 90) return decimals(seconds, 0) + "\u00a0s";
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}\u00a0min ${Math.floor(seconds % 60)}\u00a0s`;
    return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

const percent = (value, places) => decimals(value * 100, places) + "\u00a0%";

/// A percentage with as many places as it needs to be told from 100 %.
const accuracy = (value) => (isNumber(value) ? percent(value, value === 1 || value === 0 ? 0 : 2) : "–");

/// A bound, as short as it is.
function bound(metric, value) {
    return metric === "accuracy" ? +(value * 100).toFixed(2) + "\u00a0%" : String(+value.toPrecision(4));
}

/// A score of a metric.
const score = (metric, value) => (metric === "accuracy" ? accuracy(value) : compact(value));

/// An element with properties, attributes and children.
function element(name, properties = {}, ...children) {
    return fill(document.createElement(name), properties, children);
}

/// The same for SVG.
function drawing(name, properties = {}, ...children) {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);
}

function fill(node, properties, children) {
    for (const [key, value] of Object.entries(properties)) {
        if (value === null || value === undefined) continue;
        if (key === "style") Object.assign(node.style, value);
        else node.setAttribute(key, value);
    }
    for (const child of children) if (child !== null) node.append(child instanceof Node ? child : String(child));
    return node;
}

// Parts of drawings.
const centred = { "text-anchor": "middle" };
const atEnd = { "text-anchor": "end" };
const label = (x, y, text, properties = {}) => drawing("text", { x, y, ...properties }, text);
const rule = (name, x1, y1, x2, y2) => drawing("line", { class: name, x1, y1, x2, y2 });
const box = (name, x, y, width, height, rx = 0) => drawing("rect", { class: name, x, y, width, height, rx });
const ring = (name, cx, cy, r) => drawing("circle", { class: name, cx, cy, r });
const stroke = (name, d) => drawing("path", { class: name, d });

/// A picture that says in words what it shows.
const canvas = (width, height, properties = {}) =>
    drawing("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", ...properties });

/// What a sign of a picture means.
const legend = (width, shape, text) =>
    element("span", {}, drawing("svg", { width, height: 14, "aria-hidden": "true" }, shape), text);

const byId = (id) => document.getElementById(id);

/// Sets a text where it differs, so that nothing flickers and no reader hears it twice.
function say(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

/// The room that a picture has, in pixels.
const roomOf = (node) => Math.max(240, Math.floor(node.clientWidth || node.parentElement.clientWidth));
