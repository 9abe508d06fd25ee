// The row of numbers, and what screen readers are told of them.

let shownScore = null;
let spokenAt = -Infinity;

/// Whether a score is at or past the threshold of its question.
function isReached({ metric, threshold }, value) {
    return isNumber(value) && isNumber(threshold) && (metric === "loss" ? value <= threshold : value >= threshold);
}

/// Shows a number each, with its name and a remark; scripts find the value in data-value.
function showNumbers(question, secondsSince) {
    const { metric, threshold, isFinished, step, totalSteps, secondsLeft } = question;
    const value = latest(question, "validation");
    const side = metric === "loss" ? "≤" : "≥";
    const needed = isNumber(threshold) ? `needs ${side}\u00a0${bound(metric, threshold)}` : "";
    const remark = isReached(question, value) ? "✓ reached" : needed;
    const elapsed = duration(question.seconds + secondsSince);
    const left = isNumber(secondsLeft) && !isFinished ? duration(Math.max(0, secondsLeft - secondsSince)) : null;
    const rate = isNumber(question.samplesPerSecond) ? grouped(question.samplesPerSecond) : "–";
    const time = ["elapsed", "Time", question.seconds, elapsed, isFinished ? "finished" : ""];
    const entries = metric === "checks" ? [time] : [
        ["step", "Step", step, grouped(step), isNumber(totalSteps) ? `of ${grouped(totalSteps)}` : ""],
        ["epoch", "Epoch", question.epoch, decimals(question.epoch, 2), ""],
        ["loss", "Loss", question.loss, compact(question.loss), ""],
        ["score", metric === "accuracy" ? "Validation" : "Validation loss", value, score(metric, value), remark],
        ["rate", "Samples a second", question.samplesPerSecond, rate, ""],
        time,
        ...(left === null ? [] : [["left", "Time left", secondsLeft, left, "at most"]]),
    ];
    const list = byId("numbers");
    if ([...list.children].map((child) => child.dataset.key).join() !== entries.map(([key]) => key).join())
        list.replaceChildren(...entries.map(([key]) => {
            const number = element("dd", { id: `value-${key}` }, element("span"), " ", element("small"));
            return element("div", { "data-key": key }, element("dt"), number);
        }));
    entries.forEach(([, name, raw, text, extra], index) => {
        const [dt, dd] = list.children[index].children;
        say(dt, name);
        dd.dataset.value = isNumber(raw) ? raw : "";
        say(dd.firstChild, text);
        say(dd.lastChild, extra);
        dd.lastChild.className = extra === "✓ reached" ? "good" : "";
    });
    showProgress(question);
    announce(question, value);
}

function showProgress({ metric, isFinished, step, totalSteps }) {
    const bar = byId("progress");
    const share = isFinished ? 1 : totalSteps ? step / totalSteps : null;
    bar.hidden = share === null || metric === "checks";
    if (share === null) return;
    bar.setAttribute("aria-valuenow", Math.round(share * 100));
    bar.firstElementChild.style.width = `${share * 100}%`;
}

/// Tells screen readers of the score, when it changes and every five seconds at most.
function announce(question, value) {
    if (!isNumber(value)) return;
    const { name, metric, threshold, isFinished } = question;
    const needed = isNumber(threshold) ? `, threshold ${bound(metric, threshold)}` : "";
    const reached = isReached(question, value) ? ", reached" : "";
    const text = `${name}: validation ${score(metric, value)}${needed}${reached}.`;
    const now = performance.now();
    if (text === shownScore || (now - spokenAt < 5000 && !isFinished)) return;
    [shownScore, spokenAt] = [text, now];
    say(byId("announcement"), text);
}
