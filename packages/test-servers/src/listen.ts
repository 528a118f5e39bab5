import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Starts to listen on a free port of 127.0.0.1. @returns the port */
export async function listen(server: Server, port = 0): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	return (server.address() as AddressInfo).port;
}

/** Stops listening and drops every connection. */
export async function close(server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeAllConnections();
	await closed;
}
