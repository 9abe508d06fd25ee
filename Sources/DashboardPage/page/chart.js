// Charts of lines with two axes, as SVG.

/// Round numbers that cut a range into about `count` parts.
function ticks(low, high, count) {
    const raw = (high - low) / Math.max(1, count);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
    const found = [];
    for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1)
        found.push(index * step);
    return found;
}

/// Powers of ten within a range, with 2 and 5 between them where they are few.
function logTicks(low, high) {
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const every = Math.max(1, Math.ceil((last - first) / 5));
    const factors = last - first <= 1 ? [1, 2, 3, 5] : last - first <= 3 ? [1, 3] : [1];
    const found = [];
    for (let power = first; power <= last; power += every)
        for (const factor of factors) found.push(factor * 10 ** power);
    return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/// The shortest texts that tell ticks apart and are not rounded: 0.25 is not told as 0.3.
function tickTexts(values, unit) {
    const scaled = values.map((value) => value * (unit === "%" ? 100 : 1));
    const isExact = (value, places) => Math.abs(value.toFixed(places) - value) <= Math.abs(value) * 1e-6 + 1e-9;
    let places = 0;
    while (places < 6 && scaled.some((value) => !isExact(value, places))) places += 1;
    const largest = Math.max(0, ...scaled.map(Math.abs));
    const [size, name] = largest >= 1e6 ? [1e6, "M"] : largest >= 1e4 ? [1e3, "k"] : [1, ""];
    return scaled.map((value) => {
        if (size > 1) return value === 0 ? "0" : `${+(value / size).toFixed(2)}\u202f${name}`;
        return value.toFixed(places).replace("-", "−") + (unit === "%" ? "\u00a0%" : "");
    });
}

/// Draws axes and hands out the scales.
///
/// x and y are { low, high, label, isLog, unit, isWhole }; `width` and `height` are those of the whole picture.
function axes(width, height, x, y, left = 52) {
    const margin = { left, right: 10, top: 10, bottom: 38 };
    const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
    const [end, bottom] = [width - margin.right, height - margin.bottom];
    const share = ({ low, high, isLog }, value) =>
        isLog ? Math.log(value / low) / (Math.log(high / low) || 1) : (value - low) / (high - low || 1);
    const atX = (value) => margin.left + share(x, value) * inner.width;
    const atY = (value) => bottom - share(y, value) * inner.height;
    const svg = canvas(width, height);
    const yTicks = y.isLog ? logTicks(y.low, y.high) : ticks(y.low, y.high, Math.max(2, Math.round(inner.height / 42)));
    const yTexts = y.isLog ? yTicks.map((value) => String(+value.toPrecision(2))) : tickTexts(yTicks, y.unit);
    yTicks.forEach((value, index) => {
        svg.append(rule("grid", margin.left, atY(value), end, atY(value)));
        svg.append(label(margin.left - 7, atY(value) + 4, yTexts[index], atEnd));
    });
    const all = ticks(x.low, x.high, Math.max(2, Math.round(inner.width / 76)));
    const xTicks = x.isWhole ? all.filter(Number.isInteger) : all;
    tickTexts(xTicks, x.unit).forEach((text, index) => {
        const at = atX(xTicks[index]);
        svg.append(rule("axis", at, bottom, at, bottom + 4));
        // A text at the very end leans inward, so that it stays in the picture.
        const leans = at + text.length * 4 > width;
        svg.append(label(leans ? width : at, bottom + 17, text, leans ? atEnd : centred));
    });
    svg.append(rule("axis", margin.left, bottom, end, bottom));
    svg.append(label(margin.left + inner.width / 2, height - 4, x.label, centred));
    return { svg, atX, atY, margin, inner, end };
}

/// The path through points; a gap where a value is missing.
function path(points, { atX, atY }) {
    let isDown = false;
    let text = "";
    for (const [x, y] of points) {
        const isThere = isNumber(x) && isNumber(y);
        if (isThere) text += `${isDown ? "L" : "M"}${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`;
        isDown = isThere;
    }
    return text;
}

/// Wide charts are higher.
const heightFor = (host) => (roomOf(host) > 400 ? 262 : 200);

/// The loss by step; tells whether its scale is logarithmic.
///
/// Where it spans more than a factor of 20 it is, unless the reader chose otherwise.
function drawLoss(host, question, wantsLog) {
    const { stride, first = 1, values } = question.lossCurve;
    const counted = first - 1 + values.length * stride;
    // The perceptron (q1) has a value for each window that was searched, and a step only where that found a mistake.
    const countsSteps = question.step > counted - stride;
    const end = Math.max(countsSteps ? question.step : counted, first + 1);
    const points = values.map((value, index) => [Math.min(first - 1 + (index + 1) * stride, end), value]);
    const finite = points.filter(([, value]) => isNumber(value));
    Object.assign(host.dataset, { count: values.length, stride, last: values[values.length - 1] ?? "" });
    if (!finite.length) {
        host.replaceChildren(element("p", { class: "soft small" }, "No step yet."));
        return false;
    }
    const losses = finite.map(([, value]) => value);
    let [low, high] = [Math.min(...losses), Math.max(...losses)];
    const isLog = low > 0 && (wantsLog ?? high / low > 20);
    if (isLog) [low, high] = low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
    else [low, high] = [low < 0 ? low * 1.05 : 0, high > 0 ? high * 1.05 : 1];
    const name = countsSteps ? "step" : "search";
    const x = { low: first > 1 ? first : 0, high: end, label: name, isWhole: true };
    const chart = axes(roomOf(host), heightFor(host), x, { low, high, isLog });
    const last = finite[finite.length - 1];
    chart.svg.append(stroke(values.length > 200 ? "line fine" : "line", path(points, chart)));
    chart.svg.append(ring("point", chart.atX(last[0]), chart.atY(last[1]), 3.5));
    const ends = `${compact(finite[0][1])} at the beginning, ${compact(last[1])} at ${name} ${last[0]}`;
    chart.svg.setAttribute("aria-label", `Loss by ${name}: ${ends}, at least ${compact(Math.min(...losses))}.`);
    host.replaceChildren(chart.svg);
    return isLog;
}

/// The scores by step, each split with a mark of its own, against the threshold.
function drawScores(host, key, question) {
    const { metric, threshold, scores } = question;
    const values = scores.map((one) => one.value).filter(isNumber);
    host.dataset.count = scores.length;
    if (!values.length) {
        key.replaceChildren();
        host.replaceChildren(element("p", { class: "soft small" }, "Not measured yet."));
        return;
    }
    const y = scoreRange(metric, isNumber(threshold) ? [...values, threshold] : values);
    const end = Math.max(question.step, ...scores.map((one) => one.step), 1);
    const x = { low: 0, high: end, label: "step", isWhole: true };
    const chart = axes(roomOf(host), heightFor(host), x, y);
    const entries = [];
    const splits = ["validation", "test", "unseen", "training"].filter((split) => isNumber(latest(question, split)));
    for (const split of splits) {
        const points = scores.filter((one) => one.split === split).map((one) => [one.step, one.value]);
        chart.svg.append(stroke(split === "validation" ? "line" : "other", path(points, chart)));
        const marked = points.length > 60 ? points.slice(-1) : points;
        for (const [step, value] of marked)
            if (isNumber(value)) chart.svg.append(mark(split, chart.atX(step), chart.atY(value)));
        entries.push(legend(14, mark(split, 7, 7), split));
    }
    if (isNumber(threshold)) {
        const at = chart.atY(threshold);
        chart.svg.append(rule("threshold", chart.margin.left, at, chart.end, at));
        entries.push(legend(18, rule("threshold", 0, 7, 18, 7), `threshold ${bound(metric, threshold)}`));
    }
    key.replaceChildren(...entries);
    const name = metric === "accuracy" ? "Accuracy" : "Mean loss";
    const last = splits.map((split) => `${split} ${score(metric, latest(question, split))}`).join(", ");
    const needed = isNumber(threshold) ? `; threshold ${bound(metric, threshold)}` : "";
    chart.svg.setAttribute("aria-label", `${name} by step: ${last}${needed}.`);
    host.replaceChildren(chart.svg);
}

/// The axis on which scores, and the threshold, have some air.
function scoreRange(metric, values) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const spare = (high - low || Math.abs(high) || 1) * 0.12;
    if (metric === "accuracy") return { low: Math.max(0, low - spare), high: Math.min(1, high + spare), unit: "%" };
    if (low > 0 && high / low > 20) return { low: low / 1.3, high: high * 1.3, isLog: true };
    return { low: Math.max(0, low - spare), high: high + spare };
}

/// The mark of a split: a circle, a square, a diamond.
function mark(split, x, y) {
    if (split === "validation") return ring("point", x, y, 3.5);
    return stroke("mark", split === "test" ? `M${x - 4} ${y - 4}h8v8h-8z` : `M${x} ${y - 5}l5 5l-5 5l-5 -5z`);
}

/// The last score of a split.
function latest(question, split) {
    const found = question.scores.filter((one) => one.split === split);
    return found.length ? found[found.length - 1].value : null;
}
