// What of the run is shown, and what the reader may choose.

let chosen = null;
let wantsLog = null;
let isPlanned = false;
let drawnAt = -Infinity;
let panelsDrawnAt = -Infinity;
let drawnName = null;
const noPictures = [];

// Who watches often does so on the machine that trains: these are the milliseconds between two drawings, of numbers and
// pictures, and of curves, tables and the last steps.
const shortest = 500;
const shortestForPanels = 1000;

function forgetChoices() {
    chosen = null;
    wantsLog = null;
}

/// The question that is shown: the one the reader chose, or the newest.
function shownQuestion() {
    if (!state) return undefined;
    return state.questions.find((question) => question.name === chosen) ?? lastOf(state.questions);
}

/// Draws when it is time to, whatever has come until then.
function plan() {
    if (isPlanned) return;
    isPlanned = true;
    const draw = () => {
        isPlanned = false;
        // Another question, and the end, are shown at once.
        show(state?.isOver || shownQuestion()?.name !== drawnName);
    };
    setTimeout(draw, Math.max(0, drawnAt + shortest - performance.now()));
}

/// Draws everything now; if it is not urgent, all but what was drawn a short time ago.
function show(isUrgent = true) {
    drawnAt = performance.now();
    drawnName = shownQuestion()?.name;
    showConnection();
    if (!state) return;
    showTabs();
    const question = shownQuestion();
    byId("nothing").hidden = Boolean(question);
    byId("content").hidden = !question;
    if (question) showQuestion(question, isUrgent);
    if (isUrgent || drawnAt - panelsDrawnAt >= shortestForPanels) showPanels(question);
    document.title = question ? `${question.name} · ${runText()} · Lockstep` : "Lockstep";
}

/// Curves, workers, the last steps, and what belongs to the whole run.
function showPanels(question) {
    panelsDrawnAt = drawnAt;
    if (question && question.metric !== "checks") showCurves(question);
    byId("workers-card").hidden = !state.workers.length;
    say(byId("workers-note"), state.isOver ? "as the run ended" : "");
    drawWorkers(byId("workers"), state.workers);
    byId("timeline-card").hidden = question?.metric === "checks";
    drawTimeline(byId("timeline"), byId("timeline-note"), state.timeline);
    byId("grades-card").hidden = !state.questions.some((one) => one.grade);
    drawGrades(byId("grades"), state);
    byId("notes-card").hidden = !state.notes.length;
    drawNotes(byId("notes"), state.notes);
    const begun = new Date(state.startedAt * 1000).toLocaleString();
    say(byId("footer"), `Lockstep ${state.version} · seed ${state.seed} · begun ${begun}`);
}

function showConnection() {
    const kinds = { failed: "failed", finished: "passed", training: "training", starting: "training" };
    const pill = byId("run-state");
    pill.dataset.state = kinds[runText()] ?? "lost";
    pill.dataset.connection = connection;
    say(pill, runText());
    const banner = byId("connection");
    banner.hidden = !connectionText();
    banner.className = `banner ${connection === "saved" || state?.isOver ? "saved" : "lost"}`;
    say(banner, connectionText());
    byId("failure").hidden = !state?.failure;
    say(byId("failure"), state?.failure ? `The run failed: ${state.failure}` : "");
}

/// A tab for each question that the run was asked for; those to come cannot be chosen yet.
function showTabs() {
    const tabs = byId("tabs");
    tabs.hidden = state.wanted.length < 2;
    if ([...tabs.children].map((tab) => tab.dataset.question).join() !== state.wanted.join())
        tabs.replaceChildren(...state.wanted.map((name) => {
            const names = { id: `tab-${name}`, "data-question": name, "aria-controls": "question" };
            return element("button", { type: "button", role: "tab", ...names });
        }));
    const shown = shownQuestion()?.name;
    for (const tab of tabs.children) {
        const name = tab.dataset.question;
        const question = state.questions.find((one) => one.name === name);
        say(tab, name + (question ? ` ${sign(question)}` : ""));
        tab.disabled = !question;
        tab.setAttribute("aria-selected", name === shown);
        tab.tabIndex = name === shown ? 0 : -1;
    }
    if (tabs.hidden || !shown) return;
    byId("question").setAttribute("role", "tabpanel");
    byId("question").setAttribute("aria-labelledby", `tab-${shown}`);
}

/// How far a question is.
function sign({ grade, isFinished }) {
    if (grade) return grade.passed ? "✓" : "✗";
    return isFinished ? "●" : "▸";
}

function choose(name) {
    // Who chooses the newest question follows the run again.
    chosen = name === lastOf(state.questions)?.name ? null : name;
    wantsLog = null;
    show();
}

function showQuestion(question, isUrgent) {
    const trains = question.metric !== "checks";
    say(byId("title"), question.title);
    byId("synthetic").hidden = !question.isSynthetic;
    say(byId("facts"), facts(question).join(" · "));
    showNumbers(question, secondsSince(question));
    showCards(question, trains);
    say(byId("picture-title"), trains ? "What it has learned" : "What there is to see");
    say(byId("pictured-at"), trains && isNumber(question.picturedAt) ? `at step ${grouped(question.picturedAt)}` : "");
    drawPictures(byId("pictures"), question.pictures ?? noPictures, isUrgent);
}

/// Hides what a question does not have; the rest takes its place.
function showCards(question, trains) {
    const curves = byId("loss-card").parentElement;
    const hasPictures = Boolean(question.pictures?.length);
    curves.hidden = !trains;
    curves.classList.toggle("wide", !hasPictures);
    byId("picture-card").hidden = !hasPictures;
    byId("picture-card").classList.toggle("wide", !trains);
}

function showCurves(question) {
    const isLog = drawLoss(byId("loss-chart"), question, wantsLog);
    byId("log-scale").setAttribute("aria-pressed", isLog);
    const { stride } = question.lossCurve;
    say(byId("loss-note"), stride > 1 ? `means of ${stride} steps` : "");
    say(byId("score-title"), question.metric === "accuracy" ? "Accuracy" : "Mean loss, measured");
    drawScores(byId("score-chart"), byId("score-key"), question);
}

/// With what a question is trained.
function facts(question) {
    const count = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;
    return [
        question.workers && count(question.workers, "worker"),
        question.shards && count(question.shards, "shard"),
        question.batchSize && `batches of ${grouped(question.batchSize)}`,
        question.parameterCount && `${grouped(question.parameterCount)} parameters`,
        !question.isSynthetic && question.source,
    ].filter(Boolean);
}

/// The seconds that a running question has gone on since the last word of it.
function secondsSince(question) {
    const isRunning = !question.isFinished && !state.isOver && connection === "open";
    return isRunning ? (performance.now() - receivedAt) / 1000 : 0;
}

function setTheme(isDark) {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    byId("theme").setAttribute("aria-pressed", isDark);
    show();
}

// What the reader's system prefers counts until the reader chooses.
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
let hasOwnTheme = false;
setTheme(prefersDark.matches);
prefersDark.addEventListener("change", () => hasOwnTheme || setTheme(prefersDark.matches));
byId("theme").addEventListener("click", () => {
    hasOwnTheme = true;
    setTheme(document.documentElement.dataset.theme !== "dark");
});
byId("log-scale").addEventListener("click", () => {
    wantsLog = byId("log-scale").getAttribute("aria-pressed") !== "true";
    show();
});
byId("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab && !tab.disabled) choose(tab.dataset.question);
});
byId("tabs").addEventListener("keydown", (event) => {
    const tabs = [...byId("tabs").children].filter((tab) => !tab.disabled);
    const at = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(next + tabs.length) % tabs.length];
    choose(tab.dataset.question);
    tab.focus();
});
addEventListener("resize", () => show());
// The clock goes on where steps take long.
setInterval(() => {
    const question = shownQuestion();
    if (question && performance.now() - drawnAt > 900) showNumbers(question, secondsSince(question));
}, 1000);

const saved = JSON.parse(byId("state").textContent);
if (saved) {
    connection = "saved";
    takeState(saved);
} else listen();
