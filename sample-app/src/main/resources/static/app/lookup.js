// Looks words up. The word is in the address, so that one can go back, and link to it: behind a slash, as the browser would
// scroll to a part of the page that is called as the word is ("log", "pressure").

import { byId, element } from "./dom.js";
import { count, plural } from "./format.js";
import { get, Problem } from "./requests.js";

const input = byId("word");
const status = byId("lookup-status");
const entry = byId("entry");

let latest = 0;

export function start(lookedUp) {
	byId("lookup").addEventListener("submit", (event) => {
		event.preventDefault();
		const hash = address(input.value.trim());
		if (hash === location.hash) {
			lookUp(input.value.trim()).then(lookedUp);
		}
		else {
			location.hash = hash;
		}
	});
	window.addEventListener("hashchange", () => follow(lookedUp));
	follow(lookedUp);
}

function address(word) {
	return `#/${encodeURIComponent(word)}`;
}

function follow(lookedUp) {
	const word = location.hash.startsWith("#/") ? decode(location.hash.substring(2)).trim() : "";
	if (word) {
		input.value = word;
		lookUp(word).then(lookedUp);
	}
}

function decode(text) {
	try {
		return decodeURIComponent(text);
	}
	catch {
		return text;
	}
}

async function lookUp(word) {
	const number = ++latest;
	try {
		const found = await get(`words/${word.split("/").map(encodeURIComponent).join("/")}`);
		if (number === latest) {
			show(found);
		}
	}
	catch (error) {
		if (number === latest) {
			status.textContent = (error instanceof Problem) ? error.message : "The server does not answer";
			status.classList.add("alarm");
			entry.hidden = true;
		}
	}
}

function show(word) {
	status.classList.remove("alarm");
	status.textContent = `${word.lemma}: ${plural(word.senses.length, "sense")}, found in ${count(word.micros)} µs, `
		+ `looked up ${(word.lookups === 1) ? "once" : `${count(word.lookups)} times`}`;
	const parts = Map.groupBy(word.senses, (sense) => sense.partOfSpeech);
	entry.replaceChildren(element("h3", { class: "lemma" }, word.lemma), ...[...parts].map(([part, senses]) =>
		element("section", { "aria-label": part }, element("h4", {}, part), element("ol", {}, ...senses.map(sense)))));
	entry.hidden = false;
}

function sense({ definition, examples, synonyms }) {
	return element("li", {}, element("p", { class: "definition" }, definition),
		...examples.slice(0, 2).map((example) => element("p", { class: "example" }, `“${example}”`)),
		synonyms.length ? element("p", { class: "synonyms" }, ...synonyms.flatMap((synonym, index) => [index ? ", " : "",
			element("a", { href: address(synonym) }, synonym)])) : null);
}
