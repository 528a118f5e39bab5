import { record } from "./record.ts";

/** One message of an object header: a property of a group or dataset. */
export interface HeaderMessage {
	/** Message type number: HDF5 File Format Specification, IV.A.2. */
	readonly type: number;
	readonly body: Uint8Array;
	/** Whether the property can never change; readers may then share it. */
	readonly constant?: boolean;
}

/** Builds a version 1 object header, 8-byte aligned. Layout: HDF5 File Format Specification, IV.A.1.a. */
export function objectHeader(messages: readonly HeaderMessage[]): Uint8Array {
	const body = record();
	for (const { type, body: bytes, constant } of messages) {
		const padded = record().bytes(bytes).alignTo8().build();
		body
			.u16(type)
			.u16(padded.length)
			.u8(constant ? 1 : 0)
			.zeros(3)
			.bytes(padded);
	}
	return record().u8(1, 0).u16(messages.length).u32(1).u32(body.length).zeros(4).bytes(body.build()).build();
}
