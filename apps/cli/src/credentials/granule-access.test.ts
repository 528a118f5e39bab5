import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCredentialsFile } from "./credentials-file.ts";
import { earthdataLogin, granuleAccess } from "./granule-access.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "zagg-login-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("earthdataLogin", () => {
	it("prefers the token, then name and password, then .netrc", async () => {
		await writeFile(join(folder, ".netrc"), "machine urs.earthdata.nasa.gov login ada password lovelace\n");
		const from = (environment: Record<string, string>) => earthdataLogin({ environment, homeDirectory: folder });
		const named = { EARTHDATA_USERNAME: "u", EARTHDATA_PASSWORD: "p" };
		expect(await from({ EARTHDATA_TOKEN: "t", ...named })).toEqual({ token: "t" });
		expect(await from(named)).toEqual({ username: "u", password: "p" });
		expect(await from({ EARTHDATA_USERNAME: "u" })).toEqual({ username: "ada", password: "lovelace" });
		expect(await from({ NETRC: join(folder, "none") })).toBeNull();
	});
});

describe("granuleAccess", () => {
	const nobody = { environment: {}, homeDirectory: join(tmpdir(), "nobody-lives-here") };

	it("takes the credentials that were given, in any spelling", async () => {
		const given = { AccessKeyId: "A", SecretAccessKey: "S", endpoint_url: "http://e" };
		const access = await granuleAccess(given, "s3", nobody);
		expect(await access?.()).toEqual({
			s3: { credentials: { accessKeyId: "A", secretAccessKey: "S" }, endpointUrl: "http://e" },
		});
	});

	it("is left to AWS where nobody has logged in", async () => {
		expect(await granuleAccess(undefined, "s3", nobody)).toBeUndefined();
		const access = await granuleAccess(undefined, "https", { ...nobody, environment: { EARTHDATA_TOKEN: "t" } });
		expect(await access?.()).toEqual({ bearerToken: "t" });
	});
});

describe("readCredentialsFile", () => {
	it("reads a JSON object", async () => {
		const path = join(folder, "creds.json");
		await writeFile(path, '{"accessKeyId": "A"}');
		expect(await readCredentialsFile(path, "--output-creds")).toEqual({ accessKeyId: "A" });
	});

	it("says what is wrong with the file, and never what is in it", async () => {
		const path = join(folder, "broken.json");
		for (const text of ["secret-in-no-json", '["secret-in-no-json"]']) {
			await writeFile(path, text);
			const error = await readCredentialsFile(path, "--output-creds").catch((thrown: Error) => thrown);
			expect(error).toMatchObject({ failureClass: "usage" });
			expect(String(error)).toContain("--output-creds");
			expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("secret-in-no-json");
		}
		await expect(readCredentialsFile(join(folder, "none"), "--input-creds")).rejects.toThrow("ENOENT");
	});
});
