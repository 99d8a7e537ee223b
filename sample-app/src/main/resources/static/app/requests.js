// Talks to the server that this page came from.

const TIMEOUT = 10_000;

export class Problem extends Error {

	constructor(status, detail) {
		super(detail);
		this.status = status;
	}

}

// Nobody answers
export class Unreachable extends Error {

}

export function get(uri) {
	return send(uri, { headers: { Accept: "application/json" } });
}

// JSON, so that a browser would not send it on behalf of another site without having asked
export function post(uri) {
	return send(uri, { method: "POST", headers: { Accept: "application/json", "Content-Type": "application/json" }, body: "{}" });
}

async function send(uri, options) {
	const [response, text] = await receive(uri, options);
	const body = parse(text);
	if (!response.ok) {
		throw new Problem(response.status, body?.detail ?? body?.title ?? `The server answers with status ${response.status}`);
	}
	if (body === null) {
		throw new Problem(response.status, "The server answers with something else than JSON");
	}
	return body;
}

async function receive(uri, options) {
	try {
		const response = await fetch(uri, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT), ...options });
		return [response, await response.text()];
	}
	catch (error) {
		throw new Unreachable(error.message);
	}
}

function parse(text) {
	try {
		return JSON.parse(text);
	}
	catch {
		return null;
	}
}
