export type { AccountedUse } from "./accounting.ts";
export { CLUSTER_RETRY, type ClusterExecutor, clusterExecutor } from "./cluster-executor.ts";
export { ClusterExecutorError, type ClusterExecutorErrorCode } from "./errors.ts";
export type { ClusterExecutorOptions } from "./options.ts";
export type { ClusterLimits, CommandOutput, RunCommand } from "./slurm.ts";
export type { ClusterWork, ClusterWorkContext } from "./work.ts";
