// Workers, the last steps, grades and notes.

/// A row a worker. Tables name their roles, since narrow pages lay them out as cards.
function drawWorkers(host, workers) {
    const columns = ["Worker", "State", "Shards", "Samples/s", "Time of the last seconds", "Losses", "Rejoins"];
    const isNumeric = (index) => [2, 3, 5, 6].includes(index);
    const head = columns.map((name, index) =>
        element("th", { scope: "col", role: "columnheader", class: isNumeric(index) ? "number" : null }, name));
    const table = element(
        "table", { class: "workers", role: "table", "aria-labelledby": "workers-title" },
        element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
        element("tbody", { role: "rowgroup" }, ...workers.map(workerRow)));
    host.replaceChildren(table);
}

function workerRow(worker) {
    const parts = ["compute", "exchange", "wait"].filter((name) => isNumber(worker[name]));
    const said = parts.map((name) => `${name} ${percent(worker[name], 0)}`).join(", ") || "not measured yet";
    const shares = parts.map((name) => element("div", { class: name, style: { width: `${worker[name] * 100}%` } }));
    const bar = element("div", { class: "bar", role: "img", "aria-label": said, title: said }, ...shares);
    const cell = (...children) => element("td", { role: "cell" }, ...children);
    const number = (name, value) =>
        element("td", { role: "cell", "data-label": name, class: "number" }, isNumber(value) ? grouped(value) : "–");
    return element(
        "tr", { role: "row", "data-worker": worker.id, "data-state": worker.state },
        element(
            "th", { scope: "row", role: "rowheader" }, worker.id,
            element("span", { class: "small soft" }, ` ${worker.host} · pid ${worker.pid}`)),
        cell(
            element("span", { class: "state", "data-state": worker.state }, worker.state),
            worker.reason ? element("div", { class: "small soft" }, worker.reason) : null),
        number("shards", worker.shards), number("samples/s", worker.samplesPerSecond), cell(bar),
        number("losses", worker.losses), number("rejoins", worker.rejoins));
}

/// The last steps: a lane a worker, one for the coordinator.
///
/// A piece lies between hand-out and answer; what its worker computed is in the middle of it. From the last answer to
/// the end of the step the coordinator sums and updates.
function drawTimeline(host, note, timeline) {
    const width = roomOf(host);
    const steps = timeline.slice(width < 640 ? -3 : -6);
    host.dataset.steps = timeline.length;
    if (!steps.length) {
        say(note, "");
        host.replaceChildren(element("p", { class: "soft small" }, "No step yet."));
        return;
    }
    const began = Math.min(...steps.map((step) => step.began));
    const span = Math.max(1e-9, Math.max(...steps.map((step) => step.ended)) - began);
    const ids = [...new Set(steps.flatMap((step) => step.pieces.map((piece) => piece.worker)))].sort((a, b) => a - b);
    const lanes = ids.slice(0, 24);
    const [left, right, top, lane] = [92, width - 12, 22, 24];
    const bottom = top + (lanes.length + 1) * lane;
    const at = (seconds) => left + ((seconds - began) / span) * (right - left);
    const bar = (name, from, to, index, inset = 0) =>
        box(name, at(from), top + index * lane + 4 + inset, Math.max(1, at(to) - at(from)), lane - 8 - 2 * inset, 2);
    const svg = canvas(width, bottom + 22);
    ["coordinator", ...lanes.map((id) => `worker ${id}`)].forEach((name, index) => {
        svg.append(label(0, top + index * lane + 16, name));
        svg.append(rule("grid", left, top + (index + 1) * lane, right, top + (index + 1) * lane));
    });
    let labelled = -Infinity;
    const sums = { compute: 0, ways: 0, reduce: 0 };
    for (const step of steps) {
        const last = Math.max(...step.pieces.map((piece) => piece.answered), step.began);
        const middle = (at(step.began) + at(step.ended)) / 2;
        const text = grouped(step.step);
        if (middle - labelled > 16 + text.length * 7) {
            svg.append(label(middle, 14, text, centred));
            labelled = middle;
        }
        svg.append(rule("step-end", at(step.ended), top, at(step.ended), bottom), bar("reduce", last, step.ended, 0));
        sums.reduce += step.ended - last;
        for (const piece of step.pieces) {
            const length = piece.answered - piece.assigned;
            const compute = Math.min(piece.compute, length);
            sums.compute += compute / step.pieces.length;
            sums.ways += (length - compute) / step.pieces.length;
            const index = lanes.indexOf(piece.worker) + 1;
            if (!index) continue;
            const start = piece.assigned + (length - compute) / 2;
            svg.append(bar("ways", piece.assigned, piece.answered, index));
            svg.append(bar("compute", start, start + compute, index, 3));
        }
    }
    const marks = ticks(0, span * 1000, Math.max(2, Math.round((right - left) / 90)));
    tickTexts(marks, "").forEach((text, index) => {
        const x = at(began + marks[index] / 1000);
        svg.append(rule("axis", x, bottom, x, bottom + 4));
        if (x < right - 46) svg.append(label(x, bottom + 17, text, centred));
    });
    svg.append(label(right, bottom + 17, "ms", atEnd));
    const mean = (name) => `${+((sums[name] / steps.length) * 1000).toPrecision(3)} ms`;
    const rest = `ways and waiting ${mean("ways")}, sum and update ${mean("reduce")}`;
    const said = `a step: compute ${mean("compute")}, ${rest}`;
    say(note, said + (ids.length > lanes.length ? ` · and ${ids.length - lanes.length} more workers` : ""));
    const until = steps[steps.length - 1].step;
    svg.setAttribute("aria-label", `The last ${steps.length} steps, up to ${until}; mean of ${said}.`);
    host.replaceChildren(svg);
}

/// A row a question; those that are not graded yet have dashes.
function drawGrades(host, state) {
    const found = new Map(state.questions.map((question) => [question.name, question.grade]));
    const grades = state.wanted.map((name) => found.get(name)).filter(Boolean);
    const sumOf = (key) => grades.reduce((sum, one) => sum + one[key], 0);
    const [points, possible] = [sumOf("points"), sumOf("possiblePoints")];
    const cell = (kind, text = "") => element("td", { class: kind }, text);
    const kinds = { Question: null, Score: "number extra", Needed: "number extra", Points: "number", Result: null };
    const head = Object.entries(kinds).map(([name, kind]) => element("th", { scope: "col", class: kind }, name));
    const sum = element(
        "tr", { class: "sum", id: "grades-sum", "data-points": points, "data-possible": possible },
        element("th", { scope: "row" }, "Sum"), cell("extra"), cell("extra"),
        cell("number", `${points} of ${possible}`), cell());
    const table = element(
        "table", { class: "grades", "aria-labelledby": "grades-title" },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...state.wanted.map((name) => gradeRow(name, found.get(name), cell))),
        element("tfoot", {}, sum));
    host.replaceChildren(table);
}

function gradeRow(name, grade, cell) {
    const row = element("tr", { "data-question": name }, element("th", { scope: "row" }, name));
    if (!grade) {
        row.append(...["number extra", "number extra", "number", null].map((kind) => cell(kind, "–")));
        return row;
    }
    const { passed, points, possiblePoints, metric, threshold, validation, test } = grade;
    Object.assign(row.dataset, { passed, points, validation: validation ?? "", test: test ?? "" });
    row.dataset.digest = grade.parametersSHA256;
    const isMeasured = isNumber(threshold) && metric !== "checks";
    const needed = isMeasured ? `${metric === "loss" ? "≤" : "≥"} ${bound(metric, threshold)}` : "checks";
    row.append(
        cell("number extra", isMeasured ? score(metric, test ?? validation) : "–"), cell("number extra", needed),
        cell("number", `${points} of ${possiblePoints}`),
        cell(passed ? "good" : "bad", passed ? "✓ passed" : "✗ missed"));
    return row;
}

/// Notes and warnings, the newest first.
function drawNotes(host, notes) {
    // What is the same is not drawn again, so that it can be read and selected in peace.
    const drawn = `${notes.length} ${notes.length ? notes[notes.length - 1].seconds : ""}`;
    if (host.dataset.drawn === drawn) return;
    host.dataset.drawn = drawn;
    const rows = notes.map(({ seconds, text, isWarning }) => {
        const sign = isWarning ? element("b", {}, "⚠ Warning: ") : null;
        const said = element("span", {}, sign, text);
        return element("li", { class: isWarning ? "warning" : null }, element("time", {}, duration(seconds)), said);
    });
    host.replaceChildren(...rows.reverse());
}
