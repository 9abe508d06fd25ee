// Pictures of what is told apart: digits (q3, q5) and words (q4).

/// The images that are shown, by their place, colour and pixels: those that only move are not decoded again.
const digitImages = new Map();

/// An image of a digit, drawn in one colour on nothing.
function digitImage(place, base64, colour, x, y, side) {
    const name = `${place} ${colour} ${base64}`;
    if (!digitImages.has(name)) {
        if (digitImages.size > 1000) digitImages.clear();
        const bytes = atob(base64);
        const href = pixels(28, 28, (index) => [...colour, bytes.charCodeAt(index) || 0]);
        digitImages.set(name, drawing("image", { href }));
    }
    const image = digitImages.get(name);
    for (const [key, value] of Object.entries({ x, y, width: side, height: side })) image.setAttribute(key, value);
    return image;
}

/// Each digit has a row of images, placed by the probability of the right label; the wrong ones are red, with the wrong
/// guess beneath. Where there is no room, right ones stand in twos, and neighbours make room for each other.
function drawDigits(host, { digits }, key) {
    const width = roomOf(host);
    const side = width < 480 ? 17 : 26;
    const [left, right, top] = [22, 8, 6];
    const rowHeight = side * 2 + 10;
    const placed = digits.map((digit, place) => ({ ...digit, place }));
    const labels = [...new Set(digits.map((digit) => digit.label))].sort((a, b) => a - b);
    const bottom = top + labels.length * rowHeight;
    const svg = canvas(width, bottom + 38);
    const [low, high] = [left + side / 2, width - right - side / 2];
    const at = (probability) => low + probability * (high - low);
    for (const probability of [0, 0.25, 0.5, 0.75, 1]) {
        svg.append(rule("grid", at(probability), top, at(probability), bottom));
        svg.append(label(at(probability), bottom + 16, probability, centred));
    }
    svg.append(label(at(0.5), bottom + 34, "probability of the right digit", centred));
    const rights = labels.map((digit, row) => {
        const y = top + row * rowHeight;
        if (row) svg.append(rule("grid", 0, y, width, y));
        svg.append(label(2, y + rowHeight / 2 + 5, digit, { class: "strong row" }));
        const mine = placed.filter((one) => one.label === digit);
        for (const column of columns(mine, at, side + 1, low, high))
            svg.append(...digitColumn(column, y, side, rowHeight));
        return [digit, mine.filter((one) => one.guess === digit).length, mine.length];
    });
    const count = rights.reduce((sum, [, right]) => sum + right, 0);
    const said = rights.map(([digit, right, all]) => `${digit}: ${right} of ${all}`).join("; ");
    svg.setAttribute("aria-label", `${count} of ${digits.length} images right, by digit: ${said}.`);
    Object.assign(host.dataset, { count: digits.length, wrong: digits.length - count });
    const below = "Where it is crowded, images make room for each other.";
    host.replaceChildren(svg, element("p", { class: "small soft" }, below));
    if (!key.children.length)
        key.append(legend(14, box("wrong-frame", 1, 1, 12, 12, 2), "wrong, with its guess beneath"));
}

/// The images of a column one below the other; a right one alone stands in the middle of its row.
function digitColumn({ x, isRight, members }, top, side, rowHeight) {
    const ink = colourNamed(isRight ? "--text" : "--red");
    return members.flatMap((digit, lane) => {
        const y = top + (isRight && members.length === 1 ? (rowHeight - side) / 2 : 4 + lane * (side + 1));
        const image = digitImage(digit.place, digit.pixels, ink, x - side / 2, y, side);
        if (isRight) return [image];
        const guess = label(x, y + side + (side > 20 ? 15 : 13), digit.guess, { ...centred, class: "wrong" });
        return [image, box("wrong-frame", x - side / 2 + 0.5, y + 0.5, side - 1, side - 1, 3), guess];
    });
}

/// Columns of one or two images, moved as little as possible so that none overlap.
function columns(digits, at, spacing, low, high) {
    const found = [];
    for (const digit of [...digits].sort((a, b) => (a.probability ?? 0) - (b.probability ?? 0))) {
        const x = at(digit.probability ?? 0);
        const last = found[found.length - 1];
        const isRight = digit.guess === digit.label;
        if (isRight && last?.members.length === 1 && last.isRight && x - last.wish < spacing) {
            last.members.push(digit);
            last.wish = (last.wish + x) / 2;
        } else found.push({ wish: x, isRight, members: [digit] });
    }
    // Columns that touch form a group whose middle is the mean of its members' wishes (pool adjacent violators).
    const groups = [];
    found.forEach((column, index) => {
        groups.push({ sum: column.wish - index * spacing, count: 1 });
        while (groups.length > 1) {
            const [before, last] = groups.slice(-2);
            if (before.sum / before.count <= last.sum / last.count) break;
            groups.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
        }
    });
    let index = 0;
    for (const { sum, count } of groups)
        for (let member = 0; member < count; member += 1, index += 1) found[index].x = sum / count + index * spacing;
    // Nothing leaves the picture, and what is pushed in pushes on.
    found.forEach((column, place) => {
        const [first, last] = [low + place * spacing, high - (found.length - 1 - place) * spacing];
        column.x = Math.min(Math.max(column.x, first), last);
    });
    return found;
}

/// The names of all languages that have a code of two letters (ISO 639-1), as far as the browser knows them.
const languageCodes = new Map();

/// The code of a language by its English name; the beginning of the name if it has none.
function languageCode(name) {
    if (!languageCodes.size) {
        const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
        const letters = [..."abcdefghijklmnopqrstuvwxyz"];
        for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
            const known = names.of(code);
            if (known && !languageCodes.has(known)) languageCodes.set(known, code);
        }
    }
    return languageCodes.get(name) ?? name.slice(0, 3).toLowerCase();
}

/// A table a language: its words, the probability of the language, the guess, and a bar for each language.
function drawWords(host, { languages, words }, key) {
    const codes = languages.map(languageCode);
    const heads = element("div", { class: "bar-heads" }, ...codes.map((code) => element("span", {}, code)));
    const head = ["word", "prob.", "guess", heads].map((name, index) =>
        element("th", { scope: "col", class: index === 1 ? "number" : null }, name));
    const judged = words.map((word) => {
        const guess = word.probabilities.reduce((best, value, at, all) => (value > all[best] ? at : best), 0);
        return { ...word, guess, isRight: guess === word.language };
    });
    const tables = languages.map((language, index) =>
        element(
            "table", {}, element("caption", {}, `${language} (${codes[index]})`),
            element("thead", {}, element("tr", {}, ...head.map((cell) => cell.cloneNode(true)))),
            element("tbody", {}, ...judged.filter((word) => word.language === index).map((word) =>
                wordRow(word, languages, codes)))));
    const count = judged.filter((word) => word.isRight).length;
    host.className = "words";
    Object.assign(host.dataset, { count: words.length, wrong: words.length - count });
    host.replaceChildren(...tables);
    say(key, `${count} of ${words.length} right · blue: the right language, striped: a wrong guess`);
}

function wordRow({ word, language, probabilities, guess, isRight }, languages, codes) {
    const bars = probabilities.map((value, index) => {
        const bar = element("i", { style: { height: `${Math.max(2, (value ?? 0) * 100)}%` } });
        return element("span", { class: index === language ? "right" : index === guess ? "guess" : null }, bar);
    });
    const said = probabilities.map((value, index) => `${languages[index]} ${decimals(value, 2)}`).join(", ");
    return element(
        "tr", {}, element("th", { scope: "row", title: word }, word),
        element("td", { class: "number" }, decimals(probabilities[language], 2)),
        element("td", { class: isRight ? "good" : "bad" }, `${isRight ? "✓" : "✗"}\u00a0${codes[guess]}`),
        element("td", {}, element("div", { class: "bars", role: "img", "aria-label": said }, ...bars)));
}
