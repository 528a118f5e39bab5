import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decode } from "fast-png";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inspectCell } from "../inspect/inspect-store.ts";
import { runCommand } from "./fixtures/run-command.ts";

const executablePath = [
	process.env.ZAGG_TEST_CHROMIUM,
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

const viewport = { width: 1000, height: 700 };

describe.skipIf(executablePath === undefined)("a map's page in Chromium (needs Chromium: ZAGG_TEST_CHROMIUM)", () => {
	let folder: string;
	let browser: Browser;
	let page: Page;
	let requests: string[];
	let complaints: string[];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "zagg-page-"));
		const at = (name: string): string => join(folder, name);
		const sample = ["--granules", "2", "--segments", "1500"];
		for (const args of [
			["demo", ...sample, "--directory", at("zagg-demo"), "--store", at("zagg-demo.zarr")],
			["map", at("zagg-demo.zarr"), "--output", at("map.html")],
			["map", at("zagg-demo/map.json"), "--output", at("shards.html")],
		]) {
			const finished = await runCommand(...args);
			expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
		}
		browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
	}, 30_000);
	afterAll(async () => {
		await browser?.close();
		await rm(folder, { recursive: true });
	});
	beforeEach(async () => {
		const context = await browser.newContext({ viewport, colorScheme: "light", offline: true });
		page = await context.newPage();
		requests = [];
		complaints = [];
		page.on("request", (request) => requests.push(request.url()));
		page.on("console", (message) => complaints.push(message.text()));
		page.on("pageerror", (error) => complaints.push(String(error)));
		await open("map.html");
	});
	afterEach(async () => {
		expect(complaints).toEqual([]);
		expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
		await page.context().close();
	});

	async function open(name: string): Promise<void> {
		await page.goto(pathToFileURL(join(folder, name)).href);
		await page.waitForSelector("#legend-text:not(:empty)");
		await settle();
	}
	/** Waits until the fine drawing that follows every change is done. */
	const settle = () => page.waitForTimeout(350);
	/** What is seen, without what follows the pointer and the focus. */
	const style = "#readout, #marks { opacity: 0 } * { box-shadow: none !important; outline: none !important }";
	const screenshot = () => page.screenshot({ style, animations: "disabled" });

	/** How many pixels differ; not counted are those by which the browser differs from itself. */
	function differences(before: Buffer, after: Buffer): number {
		const [first, second] = [decode(before), decode(after)];
		let count = 0;
		for (let at = 0; at < first.data.length; at += first.channels) {
			const distance = [0, 1, 2].map((channel) => Math.abs(first.data[at + channel]! - second.data[at + channel]!));
			if (Math.max(...distance) > 6) count++;
		}
		return count;
	}
	const MUCH = 500;

	// biome-ignore lint/performance/useDomNodeTextContent: what is seen, line by line
	const text = (selector: string) => page.locator(selector).innerText();
	const readoutIsHidden = () => page.locator("#readout").isHidden();
	/** Moves the pointer over the map until it meets a cell. */
	async function pointAtCell(step = 1): Promise<{ x: number; y: number }> {
		for (let y = 150; y < 560; y += 23 * step) {
			for (let x = 100; x < 900; x += 37 * step) {
				await page.mouse.move(x, y);
				if (!(await readoutIsHidden())) return { x, y };
			}
		}
		throw new Error("no cell was met");
	}

	/** The place and values that the readout tells. */
	async function readout(): Promise<{ latitude: number; longitude: number; values: Record<string, number> }> {
		const lines = (await text("#readout")).split("\n");
		const [, latitude, north, longitude, east] = /([\d.]+)° ([NS]), ([\d.]+)° ([EW])/.exec(lines[1]!)!;
		const rows = lines.slice(2).map((line) => line.split(/\s+/));
		return {
			latitude: Number(latitude) * (north === "N" ? 1 : -1),
			longitude: Number(longitude) * (east === "E" ? 1 : -1),
			values: Object.fromEntries(rows.map(([name, value]) => [name, Number(value)])),
		};
	}

	it("draws cells in many colours, and asks for nothing but itself", async () => {
		const { data, channels } = decode(await screenshot());
		const colours = new Set<string>();
		for (let at = 0; at < data.length; at += channels) colours.add(data.slice(at, at + 3).join());
		expect(colours.size).toBeGreaterThan(100);
		expect(requests.filter((url) => url.startsWith("file:"))).toHaveLength(1);
		expect(await text("h1")).toBe("zagg-demo.zarr");
		expect(await text("#legend-title")).toBe("h_mean");
		expect(await page.locator("#projection").inputValue()).toBe("north");
		expect((await page.locator("#legend-ticks span").allInnerTexts()).length).toBeGreaterThan(2);
	});

	it("tells the store's values of the cell under the pointer", async () => {
		await pointAtCell();
		const { latitude, longitude, values } = await readout();
		const [cell] = await inspectCell(join(folder, "zagg-demo.zarr"), latitude, longitude);
		expect(Object.keys(values)).toContain("h_variance");
		for (const [name, value] of Object.entries(values)) {
			expect(Math.fround(value), name).toBe(cell!.values[name]);
		}
		expect(await text("#readout b")).toBe(`NESTED order 12: ${cell!.values.cell_ids}`);
		await page.mouse.move(2, 690);
		expect(await readoutIsHidden()).toBe(true);
	});

	it("puts cells where they are: the pointed-at place keeps its cell in every projection", async () => {
		await pointAtCell();
		const here = await readout();
		for (const projection of ["globe", "north"]) {
			await page.locator("#projection").selectOption(projection);
			await settle();
			await pointAtCell();
			const there = await readout();
			expect(Math.abs(there.latitude - here.latitude)).toBeLessThan(1.5);
			const [cell] = await inspectCell(join(folder, "zagg-demo.zarr"), there.latitude, there.longitude);
			expect(Math.fround(there.values.h_mean!)).toBe(cell!.values.h_mean);
		}
		await page.locator("#projection").selectOption("south");
		await settle();
		// Greenland is on the far side.
		await expect(pointAtCell(3)).rejects.toThrow("no cell was met");
	});

	it("zooms by wheel and button, pans by dragging, and fits again", async () => {
		const fitted = await screenshot();
		await page.mouse.move(500, 350);
		await page.mouse.wheel(0, -300);
		await settle();
		const zoomed = await screenshot();
		expect(differences(fitted, zoomed)).toBeGreaterThan(MUCH);
		await page.mouse.down();
		await page.mouse.move(620, 300, { steps: 4 });
		await page.mouse.up();
		await settle();
		const panned = await screenshot();
		expect(differences(zoomed, panned)).toBeGreaterThan(MUCH);
		await page.locator("#zoom-out").click();
		await settle();
		expect(differences(panned, await screenshot())).toBeGreaterThan(MUCH);
		await page.locator("#reset").click();
		await settle();
		expect(differences(fitted, await screenshot())).toBe(0);
	});

	it("moves by keys and reads out the cell in the middle", async () => {
		const fitted = await screenshot();
		await page.locator("#map").focus();
		for (const key of ["ArrowRight", "ArrowDown", "+", "-"]) {
			const before = await screenshot();
			await page.keyboard.press(key);
			await settle();
			expect(differences(before, await screenshot()), key).toBeGreaterThan(MUCH);
		}
		await page.keyboard.press("0");
		await settle();
		expect(differences(fitted, await screenshot())).toBe(0);
		// A step brings a cell to the middle sooner or later.
		const { x, y } = await pointAtCell();
		await page.mouse.move(x, y);
		await page.mouse.wheel(0, -2500);
		await settle();
		for (let press = 0; press < 12 && (await readoutIsHidden()); press++) {
			await page.keyboard.press(["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"][press % 4]!);
		}
		await page.keyboard.press("-");
		for (let press = 0; press < 12 && (await readoutIsHidden()); press++) await page.keyboard.press("-");
		expect(await readoutIsHidden()).toBe(false);
		expect(await page.locator("#readout").getAttribute("role")).toBe("status");
	});

	it("changes picture and legend with the variable and the range of colours", async () => {
		const [before, ticks] = [await screenshot(), await text("#legend-ticks")];
		await page.locator("#variable").selectOption("count");
		expect(await text("#legend-title")).toBe("count");
		expect(await text("#legend-ticks")).not.toBe(ticks);
		expect(differences(before, await screenshot())).toBeGreaterThan(MUCH);
		expect(await page.locator("#map").getAttribute("aria-label")).toBe("Map of count, zagg-demo.zarr");
		const clipped = await screenshot();
		await page.locator("#span").selectOption("full");
		expect(differences(clipped, await screenshot())).toBeGreaterThan(MUCH);
		await pointAtCell();
		expect(await text("#readout tr.selected th")).toBe("count");
	});

	it("follows the system's dark scheme and the window's size", async () => {
		const light = await screenshot();
		await page.emulateMedia({ colorScheme: "dark" });
		await settle();
		expect(differences(light, await screenshot())).toBeGreaterThan(MUCH);
		await page.setViewportSize({ width: 500, height: 600 });
		await settle();
		expect(await page.evaluate<number>("document.getElementById('map').width")).toBe(500);
		expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(500);
		const [about, legend, controls] = await Promise.all(
			["#about", "#legend", "#controls"].map((selector) => page.locator(selector).boundingBox()),
		);
		expect(about!.y + about!.height).toBeLessThanOrEqual(legend!.y);
		expect(legend!.y + legend!.height).toBeLessThanOrEqual(controls!.y);
	});

	it("shows a shard map's shards and their numbers of granules", async () => {
		await open("shards.html");
		expect(await text("#legend-title")).toBe("granules: granules per shard");
		await pointAtCell();
		expect(await text("#readout")).toMatch(/^shard \d{19}\n.*\ngranules\s+[12]$/);
		expect(await page.locator("#variable option").allInnerTexts()).toEqual(["granules"]);
	});
});
