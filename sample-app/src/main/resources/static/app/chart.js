// Draws figures over time.

import { svg, setAttribute } from "./dom.js";
import { isKnown } from "./format.js";

const SPAN = 180_000;
const LEFT = 58;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
const GRID_LINES = 4;

export class Chart {

	#target;
	#format;
	#steps;

	constructor(target, format, steps) {
		this.#target = target;
		this.#format = format;
		this.#steps = steps;
	}

	// Each series has a class, a kind (line, area or bars), and points [time, value]; a value may be unknown. Marks are
	// [time, class].
	draw(now, series, marks, label) {
		setAttribute(this.#target, "aria-label", label);
		const width = this.#target.clientWidth;
		const height = this.#target.clientHeight;
		if (!width || !height) {
			return;
		}
		setAttribute(this.#target, "viewBox", `0 0 ${width} ${height}`);
		const largest = Math.max(0, ...series.flatMap(({ points }) => points.map(([, value]) => value ?? 0)));
		const step = this.#step(largest);
		const top = Math.max(step, Math.ceil(largest / step) * step);
		const x = (time) => LEFT + (width - LEFT - RIGHT) * (1 - (now - time) / SPAN);
		const y = (value) => TOP + (height - TOP - BOTTOM) * (1 - value / top);
		const parts = [];
		for (let value = 0; value <= top; value += step) {
			parts.push(svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
			parts.push(svg("text", { class: "tick", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, this.#format(value)));
		}
		for (const minutes of [3, 2, 1, 0]) {
			const anchor = (minutes === 0) ? "end" : (minutes === 3) ? "start" : "middle";
			parts.push(svg("text", { class: "tick", x: x(now - minutes * 60_000), y: height - 4, "text-anchor": anchor },
				(minutes === 0) ? "now" : `−${minutes} min`));
		}
		for (const [time, name] of marks.filter(([at]) => now - at <= SPAN)) {
			parts.push(svg("line", { class: `mark ${name}`, x1: x(time), x2: x(time), y1: TOP, y2: height - BOTTOM }));
		}
		for (const { name, kind, points } of series) {
			parts.push(...shapes(name, kind, points.filter(([time]) => now - time <= SPAN), x, y));
		}
		this.#target.replaceChildren(...parts);
	}

	#step(largest) {
		return this.#steps.find((step) => largest <= step * GRID_LINES) ?? Math.ceil(largest / GRID_LINES);
	}

}

function shapes(name, kind, points, x, y) {
	if (kind === "bars") {
		return points.filter(([, value]) => value > 0)
			.map(([time, value]) => svg("line", { class: name, x1: x(time), x2: x(time), y1: y(0), y2: y(value) }));
	}
	// What is unknown is a gap
	const runs = [[]];
	for (const point of points) {
		if (isKnown(point[1])) {
			runs.at(-1).push(point);
		}
		else if (runs.at(-1).length) {
			runs.push([]);
		}
	}
	return runs.filter((run) => run.length).flatMap((run) => {
		const line = run.map(([time, value], index) => `${index ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join("");
		const shape = [svg("path", { class: `${name} line`, d: line })];
		if (kind === "area") {
			const closed = `${line}L${x(run.at(-1)[0]).toFixed(1)} ${y(0)}L${x(run[0][0]).toFixed(1)} ${y(0)}Z`;
			shape.unshift(svg("path", { class: `${name} area`, d: closed }));
		}
		return shape;
	});
}

const MEBI = 1024 * 1024;

export const BYTE_STEPS = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].map((mebi) => mebi * MEBI);

export const COUNT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000];
