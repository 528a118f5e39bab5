import { describe, expect, it } from "vitest";
import { outputCredentialsBlock } from "./output-credentials.ts";

describe("outputCredentialsBlock", () => {
	it("is null for no credentials", () => {
		expect(outputCredentialsBlock(null, "us-west-2", "http://e")).toBeNull();
		expect(outputCredentialsBlock({}, "us-west-2", undefined)).toBeNull();
	});

	it.each([
		[{ accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: "t" }, "us-west-2"],
		[
			{ aws_access_key_id: "AKIA", aws_secret_access_key: "s", aws_session_token: "t", region_name: "eu-west-1" },
			"eu-west-1",
		],
		[{ AccessKeyId: "AKIA", SecretAccessKey: "s", SessionToken: "t", Region: "eu-west-1" }, "eu-west-1"],
		[{ accessKeyId: "", aws_access_key_id: "AKIA", secretAccessKey: "s", sessionToken: "t" }, "us-west-2"],
	])("gives the block of every accepted spelling: %j", (credentials, region) => {
		const block = outputCredentialsBlock(credentials, "us-west-2", undefined);
		expect(Object.entries(block!)).toEqual([
			["accessKeyId", "AKIA"],
			["secretAccessKey", "s"],
			["region", region],
			["sessionToken", "t"],
		]);
	});

	it("has the explicit endpoint before the one in the credentials, and no empty keys", () => {
		const credentials = { accessKeyId: "A", secretAccessKey: "s", endpoint_url: "http://mine" };
		expect(outputCredentialsBlock(credentials, "us-east-1", undefined)).toEqual({
			accessKeyId: "A",
			secretAccessKey: "s",
			region: "us-east-1",
			endpointUrl: "http://mine",
		});
		expect(outputCredentialsBlock(credentials, "us-east-1", "http://given")?.endpointUrl).toBe("http://given");
	});

	it("names what is missing, in order", () => {
		const text = (credentials: object): string => {
			try {
				outputCredentialsBlock(credentials as Record<string, unknown>, "us-west-2", undefined);
				return "accepted";
			} catch (error) {
				return (error as Error).message;
			}
		};
		const accepts = "(accepts camelCase, snake_case, or STS PascalCase spellings)";
		expect(text({ accessKeyId: "A" })).toBe(
			`output_credentials is missing required field(s): secretAccessKey ${accepts}`,
		);
		expect(text({ region: "r" })).toBe(
			`output_credentials is missing required field(s): accessKeyId, secretAccessKey ${accepts}`,
		);
	});
});
