/**
 * Random access to the bytes of one file, wherever it is stored.
 *
 * `read` resolves to exactly `length` bytes at `offset`; a range that leaves the file rejects. The returned bytes
 * belong to the caller and are never written to by the source. Reads may overlap in time.
 */
export interface ByteSource {
	/** What people call the file: a path or a URL without credentials. */
	readonly name: string;
	/** Size of the file in bytes. */
	readonly size: number;
	/** What has been asked of the file so far. */
	readonly statistics: ReadStatistics;
	read(offset: number, length: number, options?: { signal?: AbortSignal | undefined }): Promise<Uint8Array>;
	close(): Promise<void>;
}

/** Counts of what a source has transferred. */
export interface ReadStatistics {
	readonly bytesRead: number;
	readonly requests: number;
}
