// Finds what a person would stumble over: texts that overlap, are cut off, or stand outside the page or their card.
const problems = [];
const report = (text, what) => problems.push(`${name(text)} ${what}`);
const name = ({ text, box }) => `'${text}' (${box.map(Math.round).join(" ")})`;

/// The part of a text that a region with a scroll bar of its own shows.
const isShown = (box, region) =>
    !region || (box.bottom <= region.bottom && box.top >= region.top && box.right <= region.right);

/// Whether something around a text cuts it off.
function isCut(parent) {
    for (let box = parent; box && box !== document.body; box = box.parentElement) {
        if (!(box instanceof HTMLElement) || box.scrollWidth <= box.clientWidth + 1) continue;
        if (getComputedStyle(box).overflowX !== "visible") return true;
    }
    return false;
}

// The boxes of all visible texts, by the lines they are set in.
const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("script, .spoken, [hidden]")) continue;
    if (!parent.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const region = parent.closest(".notes, pre.text, [role=tablist]");
    const text = node.textContent.trim().slice(0, 40);
    for (const box of range.getClientRects()) {
        if (box.width < 1 || box.height < 1 || !isShown(box, region?.getBoundingClientRect())) continue;
        texts.push({ text, parent, box: [box.left, box.top, box.right, box.bottom] });
    }
    if (!region && isCut(parent)) problems.push(`'${text}' is cut off`);
}

for (const text of texts) {
    const [left, , right] = text.box;
    if (left < -1 || right > innerWidth + 1) report(text, "is outside the page");
    const card = text.parent.closest(".card, header, .numbers > div")?.getBoundingClientRect();
    if (card && (left < card.left - 1 || right > card.right + 1)) report(text, "is outside its card");
}

// Drawings stay in their cards.
for (const shape of document.querySelectorAll(".card svg :is(path, line, rect, circle, image)")) {
    const box = shape.getBoundingClientRect();
    const card = shape.closest(".card").getBoundingClientRect();
    if (box.width && (box.left < card.left - 1 || box.right > card.right + 1 || box.bottom > card.bottom + 1))
        problems.push(`a ${shape.tagName} of class '${shape.getAttribute("class")}' leaves its card`);
}

// Lines of a text touch; what shares more than a sliver overlaps.
texts.sort((a, b) => a.box[1] - b.box[1]);
texts.forEach((one, index) => {
    for (let other = index + 1; other < texts.length && texts[other].box[1] < one.box[3]; other += 1) {
        const two = texts[other];
        const across = Math.min(one.box[2], two.box[2]) - Math.max(one.box[0], two.box[0]);
        const down = Math.min(one.box[3], two.box[3]) - two.box[1];
        if (across > 1.5 && down > 3.5) report(one, `and ${name(two)} overlap`);
    }
});

// Texts are told from what is behind them (WCAG 2.2, AA), where that is one colour.
const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => Number(part) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
for (const text of texts) {
    const isDrawn = text.parent instanceof SVGElement;
    // What stands on a drawing's own shapes chooses its ink by them.
    if (isDrawn && text.parent.style.fill) continue;
    let behind = text.parent;
    while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
    const ink = getComputedStyle(text.parent)[isDrawn ? "fill" : "color"];
    const pair = [ink, getComputedStyle(behind ?? document.body).backgroundColor].map(luminance);
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5 && !text.parent.closest(":disabled")) report(text, `has a contrast of ${contrast.toFixed(1)}`);
}

const width = document.scrollingElement.scrollWidth;
if (width > innerWidth) problems.push(`the page is ${width} wide`);
return { problems, texts: texts.length };
