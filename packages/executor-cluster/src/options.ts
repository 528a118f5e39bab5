import type { RunCommand } from "./slurm.ts";

/** Options of `clusterExecutor`. */
export interface ClusterExecutorOptions<Payload> {
	/** The module that has the work, a `ClusterWork`: a URL or an absolute path that every node sees. */
	readonly module: URL | string;
	/** Default: "default". */
	readonly exportName?: string | undefined;
	/** A folder on a file system that this machine and every node share. */
	readonly spoolDirectory: string;
	/**
	 * Names this run's folder in the spool. A run of the same name that is still there is attached to: cells that it has
	 * finished are not run again, and cells that are still running are waited for. Default: a new name.
	 */
	readonly runName?: string | undefined;
	/** Names a cell, for attaching. Default: a digest of its payload. */
	readonly cellKey?: ((payload: Payload) => string) | undefined;
	readonly partition?: string | undefined;
	readonly account?: string | undefined;
	readonly qos?: string | undefined;
	/** Time limit of one task, as sbatch takes it: minutes, or `01:30:00`. */
	readonly timeLimit?: string | undefined;
	/** Memory of one task, as sbatch takes it: `4G`. */
	readonly memory?: string | undefined;
	/** Default: 1. */
	readonly cpusPerTask?: number | undefined;
	/** The most tasks that run at once. Default: no limit of ours. */
	readonly maxRunningTasks?: number | undefined;
	/** Further arguments of sbatch. */
	readonly sbatchArguments?: readonly string[] | undefined;
	/** Environment of the work; nothing else of this process's environment reaches the nodes but HOME, PATH, USER and LANG. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** A cell that runs longer is killed, and only that cell. Default: no limit but the task's. */
	readonly cellTimeoutSeconds?: number | undefined;
	/** A cell whose process takes more is killed, and only that cell (Linux). Default: no limit but the task's. */
	readonly cellMemoryMegabytes?: number | undefined;
	/** The work that one task should get, once it is known how long cells take. Default: 600 s; half its time limit at most. */
	readonly targetChunkSeconds?: number | undefined;
	/** Cells that are gathered into waves at most. Default: 10,000. */
	readonly maxCellsInFlight?: number | undefined;
	/** How often files and Slurm are looked at. Default: 1 s. */
	readonly pollIntervalSeconds?: number | undefined;
	/** How long a task's last lines may take to show after it has ended; more for slow file systems. Default: 3 s. */
	readonly resultGraceSeconds?: number | undefined;
	/** A running task that writes no line for so long is cancelled, and its cells are tried again. Default: 3600 s. */
	readonly stallTimeoutSeconds?: number | undefined;
	/** US dollars. Default: none. */
	readonly pricePerCoreHour?: number | undefined;
	/** Node.js on the nodes. Default: the one that runs this. */
	readonly nodeExecutable?: string | undefined;
	/** Keeps the run's folder after `shutdown`, which otherwise goes when every cell has succeeded. */
	readonly keepSpool?: boolean | undefined;
	/** Takes what the work emits. */
	readonly onMessage?: ((message: unknown) => void) | undefined;
	/** Runs Slurm's commands; for sites that wrap them. Default: runs them as they are. */
	readonly runCommand?: RunCommand | undefined;
}
