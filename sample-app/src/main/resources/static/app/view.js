// Shows a snapshot.

import { BYTE_STEPS, Chart, COUNT_STEPS } from "./chart.js";
import { byId, data, element, renderList, setAttribute, setData, setText } from "./dom.js";
import { bytes, count, isKnown, percent, plural, time, UNKNOWN, words } from "./format.js";
import { resident } from "./history.js";
import { Strip } from "./strip.js";

const LEAKS = 4;
const EVENTS = 50;
const TABLE_INTERVAL = 10_000;

const bytesChart = new Chart(byId("bytes-chart"), tick, BYTE_STEPS);
const faultsChart = new Chart(byId("faults-chart"), count, COUNT_STEPS);

function tick(value) {
	return bytes(value).replace(".0 ", " ");
}

export function show(snapshot, history) {
	const { overview } = snapshot;
	showTotals(snapshot);
	showMappings(snapshot);
	showCharts(snapshot.at, history);
	showLeaks(overview.leaks);
	showReloads(overview.names);
	showPreloads(overview.preloads, snapshot.details);
	showWarnings(overview.warnings, overview.errors ?? []);
	showPressure(overview.process?.pressure ?? []);
	setText(byId("mapper"), `The ${overview.mapper.type} mapper: ${overview.mapper.reason}. `
		+ `Regions, faults and reads are of ${time(overview.process.sampledAt)}.`);
}

const totals = new Map();

function showTotals(snapshot) {
	const { overview } = snapshot;
	const { totals: sums, limits, process } = overview;
	const inMemory = resident(snapshot);
	total("mappings", "Mappings", sums.mappings, count(sums.mappings));
	total("mapped", "Mapped", sums.mapped, bytes(sums.mapped));
	total("resident", "Resident", inMemory, bytes(inMemory), percent(inMemory, sums.mapped));
	total("leaks", "Leaks", overview.leaks.count, count(overview.leaks.count), bytes(overview.leaks.bytes));
	total("leases", "Leases held", sums.leases, count(sums.leases));
	total("detached", "Detached", sums.detached, bytes(sums.detached));
	const regions = limits?.regions;
	total("regions", "Regions used", regions?.used, count(regions?.used),
		isKnown(regions?.max) ? `of ${count(regions.max)}` : "limit unknown");
	total("major-faults", "Major faults", process?.majorFaults, count(process?.majorFaults));
	total("minor-faults", "Minor faults", process?.minorFaults, count(process?.minorFaults));
	total("bytes-read", "Read from disk", process?.bytesRead, bytes(process?.bytesRead));
}

function total(id, label, value, text, note = "") {
	let figure = totals.get(id);
	if (!figure) {
		figure = { value: data(value, text, { id: `total-${id}` }), note: element("span", { class: "muted" }), item: null };
		figure.item = element("div", {}, element("dt", {}, label), element("dd", {}, figure.value, " ", figure.note));
		totals.set(id, figure);
		byId("totals").append(figure.item);
	}
	setData(figure.value, value, text);
	setText(figure.note, isKnown(value) ? note : "");
}

const groups = new Map();
const rows = new Map();

function showMappings({ details, files }) {
	const shown = new Set();
	const shownGroups = new Set();
	for (const detail of details) {
		const group = showGroup(detail);
		const reason = commonReason(detail.mappings);
		setText(group.reason, reason ?? "");
		group.reason.hidden = !reason;
		shownGroups.add(detail.name);
		for (const mapping of detail.mappings) {
			const key = `${mapping.name} ${mapping.state} ${mapping.generation}`;
			shown.add(key);
			showMapping(group.list, key, mapping, files[mapping.name], reason);
		}
	}
	remove(rows, shown);
	remove(groups, shownGroups);
}

// What is said of all is said once
function commonReason(mappings) {
	const reasons = new Set(mappings.map(({ residency }) => isKnown(residency.resident) ? null : residency.reason));
	return (mappings.length > 1 && reasons.size === 1) ? [...reasons][0] : null;
}

function remove(items, keep) {
	for (const [key, item] of items) {
		if (!keep.has(key)) {
			item.element.remove();
			items.delete(key);
		}
	}
}

function showGroup({ name, kind, statistics, mappings }) {
	let group = groups.get(name);
	if (!group) {
		group = { title: element("h3"), facts: element("p", { class: "muted small" }),
			reason: element("p", { class: "small" }), list: element("ul", { class: "mappings" }) };
		group.element = element("div", { class: "group" },
			element("div", { class: "heading" }, group.title, group.facts), group.reason, group.list);
		groups.set(name, group);
		byId("mappings").append(group.element);
	}
	setText(group.title, name);
	const first = mappings[0];
	const facts = [(kind === "set") ? `set of ${plural(statistics?.mappings ?? mappings.length, "file")}` : null,
		(kind === "set") ? null : first?.label, first?.access && words(first.access), first && `generation ${first.generation}`,
		first?.reload?.onUpdate ? "reloaded on update" : null];
	setText(group.facts, facts.filter(isKnown).join(" · "));
	return group;
}

function showMapping(list, key, mapping, file, commonReason) {
	let row = rows.get(key);
	if (!row) {
		row = { strip: new Strip(), value: data("", ""), note: element("span", { class: "note" }) };
		row.element = element("li", { "data-mapping": mapping.name },
			element("span", { class: "name" }, file ?? mapping.name,
				file ? element("span", { class: "muted" }, ` ${mapping.name}`) : null),
			row.strip.element, element("span", { class: "figures" }, row.value), row.note);
		rows.set(key, row);
	}
	if (row.element.parentNode !== list) {
		list.append(row.element);
	}
	const { residency, parts, length } = mapping;
	const known = isKnown(residency.resident);
	const share = percent(residency.resident, length);
	const text = known ? `${share} of ${bytes(length)}` : `${UNKNOWN}, of ${bytes(length)}`;
	row.strip.update(shares(parts, mapping), known ? `${file ?? mapping.name}: ${share} resident, ${bytes(residency.resident)} `
		+ `of ${bytes(length)}` : `${file ?? mapping.name}: it is unknown what is resident: ${residency.reason}`);
	setData(row.value, residency.resident, text);
	const notes = [(mapping.state === "mapped") ? null : `${mapping.state}${(mapping.state === "replaced")
			? `, generation ${mapping.generation}` : ""}`,
		["unchanged", "unknown"].includes(mapping.file?.state ?? "unknown") ? null : `file ${mapping.file.state}`,
		mapping.leases ? plural(mapping.leases, "lease") : null, (known || commonReason) ? null : residency.reason];
	setText(row.note, notes.filter(isKnown).join(" · "));
	row.note.hidden = !row.note.textContent;
}

// The last part may be shorter than the others
function shares(parts, { length }) {
	if (!parts?.resident?.length) {
		return [null];
	}
	return parts.resident.map((value, index) => {
		const size = Math.min(parts.length, length - index * parts.length);
		return isKnown(value) ? Math.min(1, value / Math.max(1, size)) : null;
	});
}

function showCharts(now, history) {
	const { samples, marks } = history;
	const latest = samples.at(-1);
	bytesChart.draw(now, [
		{ name: "series-resident", kind: "area", points: samples.map(({ at, resident: value }) => [at, value]) },
		{ name: "series-mapped", kind: "line", points: samples.map(({ at, mapped }) => [at, mapped]) }
	], marks, `The last three minutes: ${bytes(latest.mapped)} mapped and ${residentText(latest)} resident now`);
	const faults = samples.slice(1).map(({ at, majorFaults }, index) => [at, isKnown(majorFaults)
		&& isKnown(samples[index].majorFaults) ? Math.max(0, majorFaults - samples[index].majorFaults) : null]);
	const sum = faults.reduce((all, [, value]) => all + (value ?? 0), 0);
	faultsChart.draw(now, [{ name: "series-faults", kind: "bars", points: faults }], [], isKnown(latest.majorFaults)
		? `${plural(sum, "major page fault")} in the last three minutes` : "Page faults are unknown");
	if (byId("table-details").open) {
		showTable(samples);
	}
}

function residentText({ resident: value }) {
	return isKnown(value) ? bytes(value) : "an unknown part";
}

function showTable(samples) {
	const chosen = samples.filter(({ at }, index) => index === 0 || Math.floor(at / TABLE_INTERVAL)
		!== Math.floor(samples[index - 1].at / TABLE_INTERVAL)).toReversed();
	renderList(byId("history"), chosen, (sample) => element("tr", {}, element("th", { scope: "row" }, time(sample.at)),
		element("td", {}, bytes(sample.mapped)), element("td", {}, bytes(sample.resident)),
		element("td", {}, count(sample.majorFaults)), element("td", {}, count(sample.leaks))));
}

function showLeaks(leaks) {
	setText(byId("leaks-total"), leaks.count ? `${plural(leaks.count, "leak")}, ${bytes(leaks.bytes)} in all` : "None");
	renderList(byId("leaks"), leaks.latest.slice(0, LEAKS), (leak) => element("li", { "data-leak": leak.mapping.name },
		element("span", { class: "muted" }, time(leak.detectedAt)), " ",
		element("strong", {}, leak.mapping.name), leak.mapping.label ? ` (${leak.mapping.label})` : "",
		`, ${bytes(leak.mapping.length)}, ${words(leak.cause)}${leak.reclaimed ? ", given back" : ", still mapped"}`,
		place(leak.mapping.createdBy)));
}

// May be broken before the file and the line
function place(createdBy) {
	const [method, ...file] = (createdBy ?? "The place was not recorded").split("(");
	return element("code", {}, method, ...file.flatMap((part) => [element("wbr"), `(${part}`]));
}

function showReloads(names) {
	const reloads = names.flatMap((name) => Object.entries(name.reloads ?? {})
		.map(([outcome, number]) => ({ name: name.name, outcome, number })))
		.sort((one, other) => one.name.localeCompare(other.name) || other.outcome.localeCompare(one.outcome))
		.filter(({ name, number }) => number > 0 || names.find((one) => one.name === name).kind === "set");
	renderList(byId("reloads"), reloads, ({ name, outcome, number }) => element("div", {},
		element("dt", {}, `${name}, ${words(outcome)}`),
		element("dd", {}, data(number, count(number), { "data-reload": `${name} ${outcome}` }))));
}

// The files of a set are preloaded one by one, and shown as one
function showPreloads(preloads, details) {
	const sets = new Map(details.flatMap((detail) => detail.mappings.map((mapping) => [mapping.name, detail.name])));
	const states = new Map();
	for (const { name, state, length, loaded } of preloads) {
		const of = sets.get(name) ?? name;
		const all = states.get(`${of} ${state}`) ?? { name: of, state, length: 0, loaded: 0, files: 0 };
		states.set(`${of} ${state}`, all);
		all.length += length;
		all.loaded += loaded;
		all.files++;
	}
	const shown = [...states.values()];
	renderList(byId("preloads"), shown.length ? shown : [null], (preload) => (preload === null) ? element("li", {}, "None")
		: element("li", { "data-preload": `${preload.name} ${preload.state}` }, element("strong", {}, preload.name),
			(preload.files > 1) ? `, ${plural(preload.files, "file")}` : "", `: ${preload.state}, `,
			data(preload.loaded, bytes(preload.loaded)), ` of ${bytes(preload.length)}`));
}

function showWarnings(warnings, errors) {
	const shown = [...warnings, ...errors];
	renderList(byId("warnings"), shown.length ? shown : [null], (one) => {
		if (one === null) {
			return element("li", {}, "None");
		}
		return (one.kind) ? element("li", { class: "alarm" }, element("strong", {}, one.name),
			` ${words(one.kind)} since ${time(one.since)}`)
			: element("li", {}, element("strong", {}, one.operation), ` has failed with ${one.errno}, ${plural(one.count, "time")}`);
	});
}

function showPressure(pressure) {
	renderList(byId("pressure"), pressure.length ? pressure : [null], (one) => (one === null)
		? element("div", {}, element("dt", {}, "Not told by this system"), element("dd", {}, UNKNOWN))
		: element("div", {}, element("dt", {}, `${one.resource}, ${one.kind}`),
			element("dd", {}, `${Number(one.average10 ?? 0).toFixed(1)} %`)));
}

export function tell(events, at) {
	const list = byId("events");
	for (const { kind, text } of events) {
		list.prepend(element("li", { "data-event": kind }, element("span", { class: "muted" }, time(at)), ` ${text}`));
	}
	while (list.children.length > EVENTS) {
		list.lastChild.remove();
	}
}

export function showConnection(state, text) {
	const target = byId("connection");
	setAttribute(target, "data-state", state);
	setText(target, text);
	document.body.classList.toggle("stale", state === "gone");
}
