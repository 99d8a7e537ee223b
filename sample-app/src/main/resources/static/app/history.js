// Keeps the figures of the last three minutes, and notices what has happened between two rounds.

import { bytes, isKnown, plural, words } from "./format.js";

const SPAN = 185_000;

export class History {

	samples = [];
	marks = [];
	#previous = null;

	// Returns what has happened since the last round, in words
	add(snapshot) {
		const { overview, at } = snapshot;
		const previous = this.#previous;
		this.#previous = snapshot;
		this.samples.push({
			at, mapped: overview.totals.mapped, resident: resident(snapshot), leaks: overview.leaks.count,
			majorFaults: overview.process?.majorFaults ?? null
		});
		this.samples = this.samples.filter((sample) => at - sample.at <= SPAN);
		this.marks = this.marks.filter(([time]) => at - time <= SPAN);
		return (previous) ? this.#compare(previous, snapshot) : [];
	}

	#compare(before, { overview, at }) {
		const events = [];
		const known = new Set(before.overview.leaks.latest.map(identity));
		for (const leak of overview.leaks.latest.filter((leak) => !known.has(identity(leak))).toReversed()) {
			events.push({ kind: "leak", text: `Leak of ${bytes(leak.mapping.length)}: ${leak.mapping.name}` });
			this.marks.push([at, "mark-leak"]);
		}
		const earlier = new Map(before.overview.names.map((name) => [name.name, name]));
		for (const name of overview.names) {
			for (const [outcome, number] of Object.entries(name.reloads ?? {})) {
				const more = number - (earlier.get(name.name)?.reloads?.[outcome] ?? 0);
				if (more > 0) {
					events.push({ kind: "reload", text: `Reload of ${name.name}: ${words(outcome)}` });
					this.marks.push([at, "mark-reload"]);
				}
			}
		}
		events.push(...this.#preloads(before.overview.preloads, overview.preloads));
		const warned = new Set(before.overview.warnings.map((warning) => `${warning.name} ${warning.kind}`));
		const warnings = new Set(overview.warnings.map((warning) => `${warning.name} ${warning.kind}`));
		events.push(...[...warnings].filter((warning) => !warned.has(warning))
			.map((warning) => ({ kind: "warning", text: `Warning: ${words(warning)}` })));
		events.push(...[...warned].filter((warning) => !warnings.has(warning))
			.map((warning) => ({ kind: "end", text: `No longer: ${words(warning)}` })));
		const now = this.samples.at(-1).resident;
		const then = this.samples.at(-2)?.resident;
		if (isKnown(now) && isKnown(then) && Math.abs(now - then) >= 1024 * 1024) {
			events.push({ kind: "resident", text: `Resident: from ${bytes(then)} to ${bytes(now)}` });
		}
		return events;
	}

	// One line for all files of a set whose preload has ended the same way
	#preloads(before, now) {
		const states = new Map(before.map((preload) => [preload.name, preload.state]));
		const ended = {};
		for (const { name, state } of now) {
			if (["completed", "failed", "cancelled"].includes(state) && states.get(name) !== state) {
				(ended[state] ??= []).push(name);
			}
		}
		return Object.entries(ended).map(([state, names]) => ({
			kind: "preload", text: `Preload ${state}: ${(names.length > 3) ? plural(names.length, "mapping") : names.join(", ")}`
		}));
	}

}

// The application may have been restarted, and names given anew
function identity({ detectedAt, mapping }) {
	return `${mapping.name} ${detectedAt}`;
}

// The details are of this moment, the overview may be some seconds old: what all of them tell is preferred.
export function resident({ overview, details }) {
	const all = details.flatMap((detail) => detail.mappings);
	const complete = all.length === overview.totals.mappings;
	if (complete && all.every((mapping) => isKnown(mapping.residency.resident))) {
		return all.reduce((sum, mapping) => sum + mapping.residency.resident, 0);
	}
	return overview.totals.resident;
}
