import { pythonRepr } from "../python/index.ts";
import { invalidConfig } from "./check.ts";

/**
 * Fills a path template with a group name, as Python's `template.format(group=group)`: `{group}` is replaced, `{{` and
 * `}}` stand for single braces.
 *
 * @throws AggregationError `config/invalid` for any other field and for a single brace.
 */
export function fillTemplate(pathTemplate: string, group: string): string {
	return pathTemplate.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (piece, field: string | undefined) => {
		if (piece === "{{" || piece === "}}") return piece[0]!;
		if (field === "group") return group;
		const reason =
			field === undefined ? `has a single '${piece}'; write '${piece}${piece}' for a brace` : `names '{${field}}'`;
		throw invalidConfig(`path template ${pythonRepr(pathTemplate)} ${reason}; only {group} is replaced`);
	});
}

/** The value as a path template, checked. */
export function pathTemplate(value: unknown, label: string): string {
	if (typeof value !== "string") throw invalidConfig(`${label} must be a path template (got ${pythonRepr(value)})`);
	fillTemplate(value, "");
	return value;
}
