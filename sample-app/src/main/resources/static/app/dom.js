// Makes and updates elements. Nothing is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

export function byId(id) {
	return document.getElementById(id);
}

export function element(name, attributes = {}, ...children) {
	return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
	return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(target, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== null && value !== undefined && value !== false) {
			target.setAttribute(name, (value === true) ? "" : value);
		}
	}
	target.append(...children.filter((child) => child !== null && child !== undefined));
	return target;
}

// What stays as it is must not be touched: a screen reader may be reading it.
export function setText(target, text) {
	if (target.textContent !== text) {
		target.textContent = text;
	}
}

export function setAttribute(target, name, value) {
	if (target.getAttribute(name) !== value) {
		target.setAttribute(name, value);
	}
}

const rendered = new WeakMap();

// Make the children of an element anew if what they show has changed.
export function renderList(target, items, render) {
	const key = JSON.stringify(items);
	if (rendered.get(target) !== key) {
		rendered.set(target, key);
		target.replaceChildren(...items.map(render));
	}
}

// A figure with its exact value for programs.
export function data(value, text, attributes = {}) {
	return element("data", { value: value ?? "", ...attributes }, text);
}

export function setData(target, value, text) {
	setAttribute(target, "value", String(value ?? ""));
	setText(target, text);
}
