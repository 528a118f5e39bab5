/** A repeatable stream of random numbers: the same seed gives the same stream. */
export interface Random {
	/** Uniform in [0, 1). */
	uniform(): number;
	/** Normal with mean 0 and standard deviation 1. */
	normal(): number;
}

/** Starts the stream of `seed`, of which the low 32 bits count. Generator: mulberry32 (Tommy Ettinger, public domain). */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	function uniform(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}
	/** Box and Muller's transform of two uniform numbers. */
	function normal(): number {
		return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
	}
	return { uniform, normal };
}
