import { describe, expect, it } from "vitest";
import { netrcLogin } from "./netrc.ts";

const MACHINE = "urs.earthdata.nasa.gov";

describe("netrcLogin", () => {
	it("reads a login on one line or on several", () => {
		const login = { username: "ada", password: "se#cret" };
		expect(netrcLogin(`machine ${MACHINE} login ada password se#cret`, MACHINE)).toEqual(login);
		expect(netrcLogin(`machine ${MACHINE}\n\tlogin ada\n\taccount x\n\tpassword se#cret\n`, MACHINE)).toEqual(login);
	});

	it("takes the machine's entry, the first one, before the default", () => {
		const text = `machine other login o password p
machine ${MACHINE} login first password 1
machine ${MACHINE} login second password 2
default login anyone password guest`;
		expect(netrcLogin(text, MACHINE)?.username).toBe("first");
		expect(netrcLogin(text, "elsewhere")).toEqual({ username: "anyone", password: "guest" });
	});

	it("passes over comments and macros", () => {
		const text = `# machine ${MACHINE} login old password old
macdef init
machine ${MACHINE} login macro password macro

machine ${MACHINE} login ada password lovelace # mine`;
		expect(netrcLogin(text, MACHINE)).toEqual({ username: "ada", password: "lovelace" });
	});

	it("finds nothing in what is not complete", () => {
		expect(netrcLogin("", MACHINE)).toBeNull();
		expect(netrcLogin(`machine ${MACHINE} login ada`, MACHINE)).toBeNull();
		expect(netrcLogin(`machine ${MACHINE} login`, MACHINE)).toBeNull();
		expect(netrcLogin("machine other login a password b", MACHINE)).toBeNull();
	});
});
