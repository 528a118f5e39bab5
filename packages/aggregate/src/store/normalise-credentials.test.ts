import { expect, test } from "vitest";
import { normaliseCredentials } from "./normalise-credentials.ts";

const canonical = { accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: "t", region: "eu-west-1" };

test.each([
	["camelCase", canonical],
	[
		"snake_case",
		{ aws_access_key_id: "AKIA", aws_secret_access_key: "s", aws_session_token: "t", region_name: "eu-west-1" },
	],
	[
		"PascalCase",
		{ AccessKeyId: "AKIA", SecretAccessKey: "s", SessionToken: "t", Region: "eu-west-1", Expiration: "x" },
	],
])("reads %s, and drops what it does not know", (_, given) => {
	expect(normaliseCredentials(given)).toEqual(canonical);
});

test("passes over an empty spelling, and keeps the canonical order", () => {
	const given = { endpoint_url: "http://e", secretAccessKey: "s", accessKeyId: "", aws_access_key_id: "A" };
	expect(Object.entries(normaliseCredentials(given))).toEqual([
		["accessKeyId", "A"],
		["secretAccessKey", "s"],
		["endpointUrl", "http://e"],
	]);
	expect(normaliseCredentials({})).toEqual({});
});
