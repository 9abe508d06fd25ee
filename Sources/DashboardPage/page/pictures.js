// What there is to see of each question: a function for each kind of picture.

const pictureKinds = {
    separation: { title: "Points and the separating line", draw: drawSeparation },
    curve: { title: "The sine and the learned curve", draw: drawCurve },
    digits: { title: "Digits by the probability of the right one", draw: drawDigits },
    filters: { title: "What the convolution looks for", draw: drawFilters },
    words: { title: "Words and the probability of each language", draw: drawWords },
    attention: { title: "Attention: where each row looks", draw: drawAttention },
    text: { title: "A sample of text", draw: drawText },
    line: { title: "A line that turns", draw: drawLine },
};

let drawnPictures = null;
let picturesDueAt = 0;

/// Draws all pictures of a question into their places, if anything about them has changed.
///
/// Unless it is urgent, those that take long to draw are drawn less often.
function drawPictures(host, pictures, isUrgent) {
    const drawn = [pictures, document.documentElement.dataset.theme, host.clientWidth];
    if (drawnPictures?.every((value, index) => value === drawn[index])) return;
    const began = performance.now();
    if (!isUrgent && began < picturesDueAt) {
        setTimeout(plan, picturesDueAt - began);
        return;
    }
    drawnPictures = drawn;
    drawAll(host, pictures);
    picturesDueAt = began + Math.min(2000, 300 * (performance.now() - began));
}

function drawAll(host, pictures) {
    const known = pictures.filter((picture) => pictureKinds[picture.kind]);
    while (host.children.length > known.length) host.lastChild.remove();
    known.forEach((picture, index) => {
        let place = host.children[index];
        if (!place || place.dataset.kind !== picture.kind) {
            const title = element("h3", { class: "small soft" }, pictureKinds[picture.kind].title);
            const top = element("div", { class: "top" }, title, element("span", { class: "key" }));
            place = element("div", { class: "picture", "data-kind": picture.kind }, top, element("div"));
            if (host.children[index]) host.children[index].replaceWith(place);
            else host.append(place);
        }
        pictureKinds[picture.kind].draw(place.lastChild, picture, place.querySelector(".key"));
    });
}

/// q1: pluses and minuses, the line w·(x1, x2, 1) = 0, and a ring around each point on the wrong side.
function drawSeparation(host, { points, labels, weights }, key) {
    const size = Math.min(roomOf(host), 560);
    const reach = Math.max(1, ...points.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)])) * 1.06;
    const range = { low: -reach, high: reach };
    const chart = axes(size, size - 2, { ...range, label: "x₁" }, range, 40);
    chart.svg.classList.add("centred");
    let [plus, minus] = ["", ""];
    const missed = [];
    points.forEach(({ x, y }, index) => {
        const [atX, atY] = [chart.atX(x).toFixed(1), chart.atY(y).toFixed(1)];
        if (labels[index] > 0) plus += `M${atX} ${atY}m-4 0h8m-4 -4v8`;
        else minus += `M${atX} ${atY}m-4 0h8`;
        const side = weights[0] * x + weights[1] * y + weights[2] >= 0 ? 1 : -1;
        if (side !== labels[index]) missed.push(ring("missed", atX, atY, 7));
    });
    chart.svg.append(stroke("minus", minus), stroke("plus", plus), ...missed);
    const ends = lineAcross(weights, reach);
    if (ends) chart.svg.append(rule("separator", ...ends.flatMap(([x, y]) => [chart.atX(x), chart.atY(y)])));
    const shown = weights.map((value) => compact(value)).join(", ");
    const said = `${points.length} points and a separating line; ${missed.length} on the wrong side; weights ${shown}.`;
    chart.svg.setAttribute("aria-label", said);
    Object.assign(host.dataset, { missed: missed.length, weights: weights.join(" ") });
    const below = `weights ${shown} · on the wrong side: ${missed.length}`;
    host.replaceChildren(chart.svg, element("p", { class: "small soft" }, below));
    if (key.children.length) return;
    key.append(legend(14, stroke("plus", "M3 7h8m-4 -4v8"), "+1"), legend(14, stroke("minus", "M3 7h8"), "−1"));
    key.append(legend(14, ring("missed", 7, 7, 5.5), "wrong side"));
}

/// Where the line w·(x, y, 1) = 0 enters and leaves the square ±reach; nothing if it does not cross it.
function lineAcross([a, b, c], reach) {
    const found = [];
    for (const x of [-reach, reach]) {
        const y = -(a * x + c) / b;
        if (Math.abs(y) <= reach) found.push([x, y]);
    }
    for (const y of [-reach, reach]) {
        const x = -(b * y + c) / a;
        if (Math.abs(x) < reach) found.push([x, y]);
    }
    return found.length >= 2 ? [found[0], found[found.length - 1]] : null;
}

/// q2: the true curve dashed, the learned one solid.
function drawCurve(host, { x, truth, learned }, key) {
    const all = [...truth, ...learned].filter(isNumber);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const spare = (high - low || 1) * 0.06;
    const width = roomOf(host);
    const across = { low: x[0], high: x[x.length - 1], label: "x" };
    const up = { low: low - spare, high: high + spare };
    const chart = axes(width, Math.min(400, Math.round(width * 0.62)), across, up);
    const points = (values) => values.map((value, index) => [x[index], value]);
    chart.svg.append(stroke("truth", path(points(truth), chart)), stroke("line", path(points(learned), chart)));
    const error = learned.reduce((sum, value, index) => sum + (value - truth[index]) ** 2, 0) / learned.length;
    host.dataset.error = error;
    const said = `mean squared error ${compact(error)}`;
    chart.svg.setAttribute("aria-label", `The sine and the learned curve over ${x.length} points; ${said}.`);
    host.replaceChildren(chart.svg, element("p", { class: "small soft" }, said));
    if (key.children.length) return;
    key.append(legend(24, stroke("truth", "M0 7h24"), "sin x"), legend(24, stroke("line", "M0 7h24"), "learned"));
}

/// q5: each filter as a grid of its weights.
function drawFilters(host, { width, height, filters }, key) {
    const side = 46;
    const most = Math.max(...filters.flat().filter(isNumber).map(Math.abs), 1e-9);
    const colours = [mixed("--card", "--blue"), mixed("--card", "--orange")];
    const grids = filters.map((weights) => {
        const svg = canvas(side * width, side * height);
        weights.forEach((value, index) => {
            const [x, y] = [(index % width) * side, Math.floor(index / width) * side];
            const colour = colours[value < 0 ? 0 : 1](Math.abs(value) / most);
            const square = box("weight", x + 1, y + 1, side - 3, side - 3, 4);
            square.style.fill = `rgb(${colour})`;
            svg.append(square);
            const style = { fill: inkOn(colour) };
            svg.append(label(x + side / 2 - 0.5, y + side / 2 + 4, decimals(value, 2), { ...centred, style }));
        });
        const said = weights.map((value) => decimals(value, 2)).join(", ");
        svg.setAttribute("aria-label", `${width} by ${height} weights: ${said}.`);
        return svg;
    });
    host.replaceChildren(element("div", { class: "key" }, ...grids));
    say(key, "orange: positive weights, blue: negative ones");
}

/// q6 and q7: a matrix of weights; what is masked stays grey.
function drawAttention(host, { size, weights, labels }) {
    const signs = { "\n": "⏎", " ": "␣" };
    const names = Array.from({ length: size }, (_, index) =>
        labels ? signs[labels[index]] ?? labels[index] : String(index + 1));
    const cell = Math.max(1, Math.min(44, Math.floor((Math.min(roomOf(host), 520) - 36) / size)));
    const side = cell * size;
    const [left, top] = [30, 22];
    const middle = (index) => (index + 0.5) * cell;
    const svg = canvas(left + side + 4, top + side + 46, { class: "centred" });
    svg.append(box("mask", left, top, side, side), picture(matrixImage(size, weights), left, top, side, side));
    for (let index = 0; index < size; index += Math.max(1, Math.ceil(20 / cell))) {
        svg.append(label(left - 8, top + middle(index) + 4, names[index], { ...atEnd, class: "strong" }));
        svg.append(label(left + middle(index), top - 7, names[index], { ...centred, class: "strong" }));
    }
    const colour = mixed("--cell-low", "--cell-high");
    for (let row = 0; cell >= 34 && row < size; row += 1)
        for (let column = 0; column <= row; column += 1) {
            const value = weights[row * size + column];
            const style = { fill: inkOn(colour(value)) };
            const [x, y] = [left + middle(column), top + middle(row) + 4];
            svg.append(label(x, y, decimals(value, 2), { ...centred, style }));
        }
    // The scale.
    const [length, below] = [Math.min(160, side), top + side + 12];
    svg.append(picture(pixels(64, 1, (index) => [...colour(index / 63), 255]), left, below, length, 10));
    svg.append(label(left, below + 26, "0"), label(left + length, below + 26, "1", atEnd));
    const rows = names.slice(0, 24).map((name, row) => {
        const own = weights.slice(row * size, (row + 1) * size);
        const best = own.indexOf(Math.max(...own));
        return `${name} mostly at ${names[best]} (${decimals(own[best], 2)})`;
    });
    svg.setAttribute("aria-label", `Attention of ${size} positions to those before them: ${rows.join(", ")}.`);
    host.replaceChildren(svg);
}

/// An image in a drawing, stretched without smoothing.
function picture(href, x, y, width, height) {
    const style = { imageRendering: "pixelated" };
    return drawing("image", { href, x, y, width, height, preserveAspectRatio: "none", style });
}

/// The red, green and blue of a colour of the page, which is written #rrggbb.
function colourNamed(name) {
    const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

/// Gives the colours between two colours of the page, by a share between 0 and 1.
function mixed(low, high) {
    const [from, to] = [colourNamed(low), colourNamed(high)];
    return (share) => {
        const within = Math.min(1, Math.max(0, share || 0));
        return from.map((value, index) => Math.round(value + (to[index] - value) * within));
    };
}

/// Black or white, whichever has the higher contrast: at least 4.5 to 1 on any colour (WCAG 2.2, relative luminance).
function inkOn(colour) {
    const linear = (value) => (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = colour.map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/// An image of pixels, each [red, green, blue, alpha], as a data address.
function pixels(width, height, colour) {
    const canvas = element("canvas", { width, height });
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    for (let index = 0; index < width * height; index += 1) image.data.set(colour(index), index * 4);
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
}

/// The weights as pixels; those behind the diagonal are masked, and left out.
function matrixImage(size, weights) {
    const colour = mixed("--cell-low", "--cell-high");
    const isMasked = (index) => index % size > Math.floor(index / size);
    return pixels(size, size, (index) => (isMasked(index) ? [0, 0, 0, 0] : [...colour(weights[index]), 255]));
}

/// q7: generated text.
function drawText(host, { text }) {
    if (!host.firstElementChild)
        host.append(element("pre", { class: "text", tabindex: 0, role: "region", "aria-label": "Generated text" }));
    say(host.firstElementChild, text);
}

/// The dependency check: a line that turns.
function drawLine(host, { angle }) {
    const [x, y] = [Math.cos(angle) * 100, -Math.sin(angle) * 100];
    const svg = canvas(240, 240, { class: "centred", viewBox: "-120 -120 240 240" });
    svg.append(ring("dial", 0, 0, 100), rule("line", -x, -y, x, y), ring("point", x, y, 6));
    svg.setAttribute("aria-label", `A line at ${Math.round((angle * 180) / Math.PI) % 360} degrees.`);
    host.dataset.angle = angle;
    host.replaceChildren(svg);
}
