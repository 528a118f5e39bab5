import { expect, test } from "vitest";
import * as api from "./index.ts";

test("exports exactly this", () => {
	expect(Object.keys(api).sort()).toEqual([
		"Hdf5Error",
		"createNumericArray",
		"elementSizeOf",
		"memorySource",
		"numericArrays",
		"openFileSource",
		"openHdf5",
		"openHttpsSource",
	]);
});

test("errors carry the marker of the family, a class, a remedy and a context", () => {
	const error = new api.Hdf5Error("hdf5/io", "disk gone", { remedy: "Try again", context: { path: "a.h5" } });
	expect(error).toMatchObject({ code: "hdf5/io", failureClass: "transport", context: { path: "a.h5" } });
	expect(error.message).toBe("disk gone. Try again");
	expect(Reflect.get(error, Symbol.for("zagg.error"))).toBe(true);
});
