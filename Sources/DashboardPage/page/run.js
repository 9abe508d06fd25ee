// The state of the run, and the connection that it comes by.

let state = null;
let receivedAt = 0;
/// connecting, open, lost, or saved: the state is in the page.
let connection = "connecting";

const lastOf = (list) => list[list.length - 1];

/// Takes a whole state in; another run's forgets what the reader chose.
function takeState(next) {
    if (state?.startedAt !== next.startedAt) forgetChoices();
    state = next;
    receivedAt = performance.now();
    show();
}

/// Takes in what is new since the last change.
function takeChange(change) {
    const { questions, notes, ...rest } = change;
    Object.assign(state, rest);
    state.notes = state.notes.concat(notes).slice(-256);
    for (const fresh of questions) {
        const place = state.questions.findIndex((question) => question.name === fresh.name);
        if (place < 0) state.questions.push({ pictures: [], ...fresh });
        else state.questions[place] = joined(state.questions[place], fresh);
    }
    receivedAt = performance.now();
    plan();
}

/// A question with what is new of it.
function joined(old, fresh) {
    const values = old.lossCurve.values.slice(0, fresh.lossCurve.from).concat(fresh.lossCurve.values);
    const lossCurve = { ...fresh.lossCurve, from: 0, values };
    return { ...old, ...fresh, lossCurve, scores: old.scores.concat(fresh.scores) };
}

/// What the run is doing, in a word or two.
function runText() {
    if (!state) return connection === "connecting" ? "connecting" : "no run";
    if (state.failure) return "failed";
    if (state.isOver) return "finished";
    if (connection === "lost") return "connection lost";
    return state.questions.length ? "training" : "starting";
}

/// What there is to say of the connection; nothing while it is open.
function connectionText() {
    if (connection === "saved")
        return `A saved page: the run ${state.isOver ? "is over" : "was not over when it was written"}.`;
    if (connection !== "lost") return "";
    if (!state) return "No run answers at this address; trying again.";
    if (state.isOver)
        return "The run has ended. This page keeps what it showed, and shows the next run that begins at this address.";
    return "The connection is lost; trying again. This page keeps what it showed; "
        + "if the run was stopped, it will show the next one at this address.";
}

/// Listens to the run; after a loss anew every second, where browsers wait longer, or give up when they are refused.
function listen() {
    const events = new EventSource("/events");
    events.addEventListener("state", (event) => {
        connection = "open";
        takeState(JSON.parse(event.data));
    });
    // What comes first is a state.
    events.addEventListener("change", (event) => takeChange(JSON.parse(event.data)));
    events.addEventListener("error", () => {
        events.close();
        connection = "lost";
        plan();
        setTimeout(listen, 1000);
    });
}
