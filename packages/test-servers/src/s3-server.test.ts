import {
	DeleteObjectsCommand,
	GetObjectCommand,
	HeadObjectCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type S3TestServer, startS3Server } from "./s3-server.ts";

let server: S3TestServer;
let client: S3Client;
beforeAll(async () => {
	server = await startS3Server({ buckets: ["bucket"], requireAuthorization: true, pageSize: 3 });
	client = new S3Client({
		endpoint: server.url,
		region: "us-west-2",
		forcePathStyle: true,
		maxAttempts: 1,
		credentials: { accessKeyId: "id", secretAccessKey: "secret" },
	});
});
afterAll(async () => {
	client.destroy();
	await server.close();
});

const Bucket = "bucket";

test("keeps what the SDK puts, byte for byte, and gives ranges of it", async () => {
	const Body = Uint8Array.from({ length: 70_000 }, (_, index) => index * 31);
	await client.send(new PutObjectCommand({ Bucket, Key: "a/é b+c.bin", Body }));
	expect(Buffer.from(server.get(Bucket, "a/é b+c.bin")!).equals(Body)).toBe(true);
	const part = await client.send(new GetObjectCommand({ Bucket, Key: "a/é b+c.bin", Range: "bytes=-4" }));
	expect([...(await part.Body!.transformToByteArray())]).toEqual([...Body.subarray(-4)]);
	expect(part.ContentRange).toBe("bytes 69996-69999/70000");
	expect((await client.send(new HeadObjectCommand({ Bucket, Key: "a/é b+c.bin" }))).ContentLength).toBe(70_000);
	server.delete(Bucket, "a/é b+c.bin");
});

test("answers conditions", async () => {
	await client.send(new PutObjectCommand({ Bucket, Key: "once", Body: "1", IfNoneMatch: "*" }));
	await expect(client.send(new PutObjectCommand({ Bucket, Key: "once", Body: "2", IfNoneMatch: "*" }))).rejects.toThrow(
		expect.objectContaining({ name: "PreconditionFailed" }),
	);
	await expect(client.send(new GetObjectCommand({ Bucket, Key: "once", IfMatch: '"other"' }))).rejects.toThrow(
		expect.objectContaining({ name: "PreconditionFailed" }),
	);
	server.delete(Bucket, "once");
});

test("lists page by page, with and without a delimiter, and deletes many at once", async () => {
	const keys = ["x/1", "x/2", "x/a/1", "x/a/2", "x/b/1", "y"];
	for (const key of keys) server.put(Bucket, key, new Uint8Array(1));
	const list = async (options: { Prefix?: string; Delimiter?: string }) => {
		const names: string[] = [];
		let ContinuationToken: string | undefined;
		do {
			const page = await client.send(
				new ListObjectsV2Command({ Bucket, ...options, ...(ContinuationToken && { ContinuationToken }) }),
			);
			for (const { Key } of page.Contents ?? []) names.push(Key!);
			for (const { Prefix } of page.CommonPrefixes ?? []) names.push(Prefix!);
			ContinuationToken = page.NextContinuationToken;
		} while (ContinuationToken !== undefined);
		return names.sort();
	};
	expect(await list({})).toEqual(keys);
	expect(await list({ Prefix: "x/", Delimiter: "/" })).toEqual(["x/1", "x/2", "x/a/", "x/b/"]);
	await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }));
	expect(server.keys(Bucket)).toEqual([]);
});

test("has S3's errors", async () => {
	await expect(client.send(new GetObjectCommand({ Bucket, Key: "none" }))).rejects.toThrow(
		expect.objectContaining({ name: "NoSuchKey" }),
	);
	await expect(client.send(new GetObjectCommand({ Bucket: "other", Key: "k" }))).rejects.toThrow(
		expect.objectContaining({ name: "NoSuchBucket" }),
	);
	expect((await fetch(`${server.url}/bucket/x`)).status).toBe(403);
	server.fault = () => ({ status: 503, code: "SlowDown" });
	await expect(client.send(new GetObjectCommand({ Bucket, Key: "k" }))).rejects.toThrow(
		expect.objectContaining({ name: "SlowDown" }),
	);
	server.fault = undefined;
});
