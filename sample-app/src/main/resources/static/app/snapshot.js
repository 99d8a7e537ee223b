// Reads the endpoint: the overview, and of each declared mapping and set the parts that are resident.

import { isKnown } from "./format.js";
import { get, Problem } from "./requests.js";

const LIMIT = 100;
const PARTS = 64;
const LARGEST_AD_HOC = 8;

export async function read() {
	const overview = await get(`actuator/mmap?limit=${LIMIT}`);
	const declared = overview.names.filter((name) => name.kind !== "ad-hoc").map((name) => name.name);
	const adHoc = overview.mappings.filter((mapping) => mapping.owner === "ad-hoc").map((mapping) => mapping.name);
	const [files, ...details] = await Promise.all([get("demo/files"),
		...[...declared, ...adHoc.slice(0, LARGEST_AD_HOC)].map(detail)]);
	return { at: Date.now(), overview, files, details: details.filter(isKnown) };
}

// An ad hoc mapping may be gone by now
async function detail(name) {
	try {
		return await get(`actuator/mmap/${encodeURIComponent(name)}?parts=${PARTS}&limit=${LIMIT}`);
	}
	catch (error) {
		if (error instanceof Problem && error.status === 404) {
			return null;
		}
		throw error;
	}
}
