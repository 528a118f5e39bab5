import { lambdaHandler } from "./handler.ts";

/** The entry of the bundle that runs on AWS: what the function's `Handler` setting, `index.handler`, names. */
export const handler = lambdaHandler({ log: console, region: process.env.AWS_REGION || "us-west-2" });
