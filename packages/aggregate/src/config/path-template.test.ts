import { describe, expect, it } from "vitest";
import { fillTemplate } from "./path-template.ts";

describe("fillTemplate", () => {
	it.each([
		["/{group}/heights/h_ph", "/gt1l/heights/h_ph"],
		["/{group}/{group}", "/gt1l/gt1l"],
		["/ancillary/{{x}}", "/ancillary/{x}"],
		["{{{group}}}", "{gt1l}"],
		["/plain", "/plain"],
	])("fills %s", (template, path) => {
		expect(fillTemplate(template, "gt1l")).toBe(path);
	});

	it("takes the group as it is", () => {
		expect(fillTemplate("/{group}/x", "$&{group}")).toBe("/$&{group}/x");
	});

	it.each([
		["/{beam}/h", "path template '/{beam}/h' names '{beam}'; only {group} is replaced"],
		["/{}/h", "path template '/{}/h' names '{}'; only {group} is replaced"],
		["/{group/h", "path template '/{group/h' has a single '{'; write '{{' for a brace; only {group} is replaced"],
		["/group}/h", "path template '/group}/h' has a single '}'; write '}}' for a brace; only {group} is replaced"],
	])("refuses %s", (template, message) => {
		expect(() => fillTemplate(template, "gt1l")).toThrow(message);
	});
});
