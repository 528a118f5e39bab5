import { expect, it } from "vitest";
import * as api from "./index.ts";

it("exports exactly this", () => {
	expect(Object.keys(api).sort()).toEqual([
		"TestkitError",
		"faultyExecutor",
		"openLedger",
		"runScriptedCell",
		"runScriptedCellInThread",
		"scriptedWorkerModule",
		"testExecutor",
		"transparentExecutor",
		"virtualClock",
	]);
});
