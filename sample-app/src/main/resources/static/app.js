// The page: a word is looked up on one side, and what that does to the mapped memory is seen on the other.

import * as actions from "./app/actions.js";
import { byId } from "./app/dom.js";
import { time } from "./app/format.js";
import { History } from "./app/history.js";
import * as lookup from "./app/lookup.js";
import { Poll } from "./app/poll.js";
import { Problem, Unreachable } from "./app/requests.js";
import { read } from "./app/snapshot.js";
import { show, showConnection, tell } from "./app/view.js";

const history = new History();
const gone = byId("gone");
const pause = byId("pause");

let latest = null;

const poll = new Poll(read, (snapshot) => {
	latest = snapshot;
	gone.hidden = true;
	gone.textContent = "";
	tell(history.add(snapshot), snapshot.at);
	show(snapshot, history);
	showConnection("live", "Live");
}, (error, delay) => {
	if (error instanceof Problem || error instanceof Unreachable) {
		console.info(error.message);
	}
	else {
		console.error(error);
	}
	showConnection("gone", "No answer");
	const since = (latest) ? `What you see is of ${time(latest.at)}.` : "";
	// Told once, and not at each attempt
	const text = `${why(error)}. ${since}`;
	if (gone.textContent !== text) {
		gone.textContent = text;
	}
	gone.hidden = false;
	gone.dataset.delay = delay;
});

function why(error) {
	if (error instanceof Unreachable) {
		return "The server does not answer";
	}
	const what = (error instanceof Problem) ? "read" : "shown";
	return `The figures cannot be ${what}: ${error.message.replace(/\.$/, "")}`;
}

pause.addEventListener("click", () => {
	poll.pause(!poll.paused);
	pause.setAttribute("aria-pressed", String(poll.paused));
	if (poll.paused) {
		showConnection("paused", "Paused");
	}
});

window.addEventListener("resize", () => latest && show(latest, history));
byId("table-details").addEventListener("toggle", () => latest && show(latest, history));

lookup.start(() => poll.now());
actions.start(() => poll.now());
poll.now();
