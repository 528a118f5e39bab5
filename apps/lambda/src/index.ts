export {
	type LambdaDevServer,
	type LambdaDevServerOptions,
	lambdaBundlePath,
	startLambdaDevServer,
} from "./dev/dev-server.ts";
export { type LambdaFault, type LambdaInvocation, parseFault } from "./dev/fault.ts";
export type { FunctionEnvironment, LambdaContext, LambdaEvent, LambdaResponse } from "./function/event.ts";
export { handleEvent } from "./function/handle.ts";
