// Asks again and again: one round at a time, only while somebody can see it, and less often while nobody answers.

const INTERVAL = 1_000;
const LONGEST = 10_000;

export class Poll {

	#ask;
	#answered;
	#failed;
	#failures = 0;
	#timer = null;
	#running = false;
	#again = false;
	#paused = false;

	constructor(ask, answered, failed) {
		this.#ask = ask;
		this.#answered = answered;
		this.#failed = failed;
		document.addEventListener("visibilitychange", () => this.now());
	}

	get paused() {
		return this.#paused;
	}

	pause(paused) {
		this.#paused = paused;
		this.now();
	}

	now() {
		if (this.#running) {
			this.#again = true;
			return;
		}
		clearTimeout(this.#timer);
		if (!document.hidden && !this.#paused) {
			this.#round();
		}
	}

	async #round() {
		this.#running = true;
		this.#again = false;
		try {
			const answer = await this.#ask();
			this.#failures = 0;
			// What arrives after the page was paused would change it
			if (!this.#paused) {
				this.#answered(answer);
			}
		}
		catch (error) {
			this.#failures++;
			if (!this.#paused) {
				this.#failed(error, this.#delay());
			}
		}
		this.#running = false;
		if (this.#again) {
			this.now();
		}
		else {
			this.#timer = setTimeout(() => this.now(), this.#delay());
		}
	}

	#delay() {
		return Math.min(LONGEST, INTERVAL * 2 ** Math.max(0, this.#failures - 1));
	}

}
