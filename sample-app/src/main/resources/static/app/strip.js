// Draws which parts of a mapping are in memory.

import { svg, setAttribute } from "./dom.js";

const HEIGHT = 16;
const CELL = 10;
const GAP = 1;

export class Strip {

	#drawn = "";

	constructor() {
		this.element = svg("svg", { class: "strip", role: "img", preserveAspectRatio: "none" });
	}

	// The share of each part that is resident, from 0 to 1, or null where that is unknown
	update(shares, label) {
		setAttribute(this.element, "aria-label", label);
		const key = shares.join();
		if (key === this.#drawn) {
			return;
		}
		this.#drawn = key;
		setAttribute(this.element, "viewBox", `0 0 ${Math.max(1, shares.length) * CELL} ${HEIGHT}`);
		this.element.replaceChildren(...shares.flatMap(cell));
	}

}

function cell(share, index) {
	const x = index * CELL;
	const width = CELL - GAP;
	if (share === null) {
		return [svg("rect", { class: "part-unknown", x, y: 0, width, height: HEIGHT }),
			svg("path", { class: "part-hatch", d: `M${x} ${HEIGHT}L${x + width} 0` })];
	}
	const cells = [svg("rect", { class: "part-absent", x, y: 0, width, height: HEIGHT })];
	if (share > 0) {
		const height = Math.max(2, Math.round(HEIGHT * share));
		cells.push(svg("rect", { class: "part-resident", x, y: HEIGHT - height, width, height }));
	}
	return cells;
}
