import { AggregationError } from "../errors.ts";

/** The system's code of a file error (`"ENOENT"`), if it is one. */
export function fileErrorCode(error: unknown): string | undefined {
	const code = (error as { code?: unknown } | null)?.code;
	return typeof code === "string" ? code : undefined;
}

/**
 * The error of a file operation that failed at `path`, with what to do about it: `store/not-writable` when the place
 * itself refuses (permissions, no space, a file in the way), `store/io` for anything else.
 */
export function storeFileError(error: unknown, action: string, path: string): AggregationError {
	const code = fileErrorCode(error);
	const message = `could not ${action} ${path}: ${error instanceof Error ? error.message : String(error)}`;
	const details = { cause: error, context: { path, systemCode: code } };
	switch (code) {
		case "EACCES":
		case "EPERM":
		case "EROFS":
			return new AggregationError("store/not-writable", message, {
				...details,
				failureClass: "access-denied",
				remedy: `Give this user write permission on ${path}, or choose another store path.`,
			});
		case "ENOSPC":
		case "EDQUOT":
			return new AggregationError("store/not-writable", message, {
				...details,
				failureClass: "fatal",
				remedy: `Free some space on the file system of ${path}, or choose another store path.`,
			});
		case "ENOTDIR":
		case "EEXIST":
		case "EISDIR":
		case "ENOENT":
			return new AggregationError("store/not-writable", message, {
				...details,
				failureClass: "usage",
				remedy: "Choose a store path that is a directory or does not exist yet, below directories only.",
			});
		default:
			return new AggregationError("store/io", message, { ...details, failureClass: "transport" });
	}
}
