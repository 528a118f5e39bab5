import { defineConfig } from "vitest/config";

// Tests run from the sources: the condition resolves @zagg/* to src/, here and in every process a test starts.
const conditions = ["@zagg/source"];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: {
		include: ["{packages,apps}/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
		pool: "forks",
		execArgv: ["--conditions=@zagg/source"],
		testTimeout: 30_000,
	},
});
