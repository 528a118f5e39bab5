import { stringifyJson } from "@zagg/aggregate";

/** What the function answers: `body` is JSON text, so that 64-bit integers stay bare and exact in it. */
export interface LambdaResponse {
	readonly statusCode: number;
	readonly body: string;
}

/** Makes an answer. The body has no NaN: numbers that JSON lacks become texts. */
export function reply(statusCode: number, body: object): LambdaResponse {
	return { statusCode, body: stringifyJson(body, { nonFiniteAsText: true }) };
}
