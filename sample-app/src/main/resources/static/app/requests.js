// Talks to the server that this page came from.

const TIMEOUT = 10_000;

export class Problem extends Error {

	constructor(status, detail) {
		super(detail);
		this.status = status;
	}

}

export function get(uri) {
	return send(uri, { headers: { Accept: "application/json" } });
}

// JSON, so that a browser would not send it on behalf of another site without having asked
export function post(uri) {
	return send(uri, { method: "POST", headers: { Accept: "application/json", "Content-Type": "application/json" }, body: "{}" });
}

async function send(uri, options) {
	const response = await fetch(uri, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT), ...options });
	const body = await response.json().catch(() => null);
	if (!response.ok) {
		throw new Problem(response.status, body?.detail ?? body?.title ?? `The server answers with status ${response.status}`);
	}
	return body;
}
