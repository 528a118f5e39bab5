import { cpus, totalmem } from "node:os";

/** One measured figure. */
export interface Figure {
	readonly name: string;
	readonly value: number;
	readonly unit: string;
	/** The same on this machine with an independent tool, where there is one. */
	readonly reference?: { readonly tool: string; readonly value: number };
	/** What it should be. */
	readonly aim?: string;
}

/** What the figures were measured on. */
export function machineName(): string {
	const model = cpus()[0]?.model.trim() ?? "unknown processor";
	return `${model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

/** The table of `bench/README.md`, its columns aligned as the formatter does it. */
export function figureTable(figures: readonly Figure[]): string {
	const rows = figures.map(({ name, value, unit, reference, aim = "" }) => {
		const against = reference ? `${rounded(reference.value)} ${unit} (${reference.tool})` : "";
		const ratio = reference ? `${(value / reference.value).toFixed(2)}×` : "";
		return [name, `${rounded(value)} ${unit}`, against, ratio, aim];
	});
	const table = [["figure", "zagg", "beside it", "ratio", "aim"], ...rows];
	const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
	const line = (row: readonly string[]): string =>
		`| ${row.map((text, column) => text.padEnd(widths[column]!)).join(" | ")} |`;
	const rule = widths.map((width) => "-".repeat(width));
	return [table[0]!, rule, ...table.slice(1)].map(line).join("\n");
}

function rounded(value: number): string {
	return String(Number(value.toPrecision(3)));
}
