import { InvalidArgumentError } from "commander";

/** Parses a flag's whole number. */
export function integer(text: string): number {
	if (!/^[+-]?\d+$/.test(text.trim())) throw new InvalidArgumentError("It must be a whole number.");
	return Number(text);
}

/** Parses a flag's number. */
export function number(text: string): number {
	const value = text.trim() === "" ? Number.NaN : Number(text);
	if (!Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
	return value;
}

/** Parses `LAT,LON` in degrees. */
export function latitudeLongitude(text: string): { latitude: number; longitude: number } {
	const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
	const [latitude = Number.NaN, longitude = Number.NaN] = parts;
	if (parts.length !== 2 || !(Math.abs(latitude) <= 90) || !Number.isFinite(longitude)) {
		throw new InvalidArgumentError("It must be LAT,LON in degrees, e.g. 70.6,-50.2.");
	}
	return { latitude, longitude };
}
