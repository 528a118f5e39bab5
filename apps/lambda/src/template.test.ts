import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CollectionTag, parse, type ScalarTag } from "yaml";

// CloudFormation's short forms, as { "!Ref": … }.
const scalar = (name: string): ScalarTag => ({ tag: name, resolve: (value) => ({ [name]: value }) });
const sequence = (name: string): CollectionTag => ({
	tag: name,
	collection: "seq",
	resolve: (items) => ({ [name]: items.toJSON() }) as never,
});
const template = parse(readFileSync(join(import.meta.dirname, "../template.yaml"), "utf8"), {
	customTags: [scalar("!Ref"), scalar("!Sub"), scalar("!GetAtt"), sequence("!If"), sequence("!Equals")],
});

test("has the parameters of the published template, the layer's aside", () => {
	const parameters = Object.entries<{ Type: string; Default?: unknown }>(template.Parameters);
	expect(parameters.map(([name, { Type, Default }]) => [name, Type, Default])).toEqual([
		["FunctionName", "String", "process-shard"],
		["Architecture", "String", "arm64"],
		["Runtime", "String", "nodejs24.x"],
		["ArtifactBucket", "String", undefined],
		["FunctionS3Key", "String", "zagg-lambda.zip"],
		["OutputBucketName", "String", undefined],
		["CreateOutputBucket", "String", "false"],
		["CreateExecutionRole", "String", "true"],
		["ExecutionRoleArn", "String", ""],
		["MemorySize", "Number", 2048],
		["Timeout", "Number", 720],
	]);
	expect(Object.keys(template.Outputs)).toEqual(["FunctionArn", "FunctionName", "RoleArn", "OutputBucket"]);
	expect(template.Resources.ProcessFn.Properties.Handler).toBe("index.handler");
});

test("refers only to what it has", () => {
	const text = JSON.stringify(template);
	const names = new Set([...Object.keys(template.Parameters), ...Object.keys(template.Resources)]);
	const referred = [...text.matchAll(/"!(?:Ref|GetAtt)":"(\w+)/g), ...text.matchAll(/\$\{(\w+)\}/g)].map(
		([, name]) => name!,
	);
	expect(referred.length).toBeGreaterThan(10);
	expect(referred.filter((name) => !names.has(name))).toEqual([]);
	const conditions = [...text.matchAll(/"(?:!If":\["|Condition":")(\w+)/g)].map(([, name]) => name!);
	expect(conditions.filter((name) => !(name in template.Conditions))).toEqual([]);
	expect(conditions).toContain("ShouldCreateRole");
});
