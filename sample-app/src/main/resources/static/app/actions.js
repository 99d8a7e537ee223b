// The buttons that make something happen.

import { byId } from "./dom.js";
import { post, Problem } from "./requests.js";

const status = byId("action-status");

export function start(done) {
	for (const button of document.querySelectorAll("button[data-action]")) {
		button.addEventListener("click", () => press(button, done));
	}
}

// A disabled button would lose the focus
async function press(button, done) {
	if (button.getAttribute("aria-disabled") === "true") {
		return;
	}
	button.setAttribute("aria-disabled", "true");
	status.classList.remove("alarm");
	status.textContent = `${button.textContent}: under way`;
	try {
		const outcome = await post(`demo/${button.dataset.action}`);
		status.textContent = outcome.message;
	}
	catch (error) {
		status.textContent = (error instanceof Problem) ? error.message : "The server does not answer";
		status.classList.add("alarm");
	}
	button.removeAttribute("aria-disabled");
	done();
}
