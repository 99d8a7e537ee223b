// Writes figures for people. What is not known is said to be unknown, and never 0.

const KIBI = 1024;
const MEBI = KIBI * KIBI;
const GIBI = KIBI * MEBI;

const NUMBER = new Intl.NumberFormat("en");

export const UNKNOWN = "unknown";

export function isKnown(value) {
	return value !== null && value !== undefined;
}

export function count(value) {
	return isKnown(value) ? NUMBER.format(value) : UNKNOWN;
}

export function bytes(value) {
	if (!isKnown(value)) {
		return UNKNOWN;
	}
	if (value >= GIBI) {
		return `${(value / GIBI).toFixed(1)} GiB`;
	}
	if (value >= MEBI) {
		return `${(value / MEBI).toFixed(1)} MiB`;
	}
	return (value >= KIBI) ? `${(value / KIBI).toFixed(0)} KiB` : `${value} B`;
}

// A part that is not all is never rounded to all, and one that is not nothing never to nothing.
export function percent(part, whole) {
	if (!isKnown(part) || !isKnown(whole)) {
		return UNKNOWN;
	}
	if (whole === 0) {
		return "empty";
	}
	const value = 100 * part / whole;
	if (value > 0 && value < 1) {
		return "under 1 %";
	}
	return `${(value < 100) ? Math.min(99, Math.round(value)) : 100} %`;
}

export function time(instant) {
	return new Date(instant).toLocaleTimeString("en-GB");
}

export function plural(number, word) {
	return `${count(number)} ${word}${(number === 1) ? "" : "s"}`;
}

export function words(constant) {
	return String(constant).replaceAll("-", " ");
}
