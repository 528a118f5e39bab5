export type { Fault } from "./fault.ts";
export { type HttpRequest, type HttpServerOptions, type HttpTestServer, startHttpServer } from "./http-server.ts";
export {
	type LambdaInvocation,
	type LambdaReply,
	type LambdaServerOptions,
	type LambdaTestServer,
	startLambdaServer,
} from "./lambda-server.ts";
export { type S3Request, type S3ServerOptions, type S3TestServer, startS3Server } from "./s3-server.ts";
