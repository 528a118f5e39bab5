import { ClusterExecutorError } from "./errors.ts";
import type { TaskState } from "./slurm.ts";

/** A cell without a result whose task has ended. */
export interface LostCell {
	readonly cell: string;
	/** The task was at this cell when it ended. */
	readonly wasRunning: boolean;
	readonly taskId: string;
}

/**
 * The error for a cell whose task ended before the cell did.
 *
 * @param state null when Slurm has forgotten the task
 * @param log the end of the task's own output, where Slurm says why it killed it
 */
export function taskFailure(lost: LostCell, state: TaskState | null, log: string): ClusterExecutorError {
	const { cell, wasRunning, taskId } = lost;
	const context = {
		cell,
		taskId,
		state: state?.state,
		exitCode: state?.exitCode,
		reason: state?.reason,
		node: state?.node,
	};
	const where = `cell ${cell}: Slurm task ${taskId}`;
	const name = state?.state.replace(/\s.*$|\+$/g, "") ?? "forgotten";
	switch (name) {
		case "NODE_FAIL":
		case "BOOT_FAIL":
			return new ClusterExecutorError("executor-cluster/node-failed", `${where} lost its node ${state?.node}`, {
				failureClass: "preempted",
				context,
			});
		case "PREEMPTED":
		case "REVOKED":
			return new ClusterExecutorError("executor-cluster/preempted", `${where} was preempted`, {
				failureClass: "preempted",
				context,
			});
		case "CANCELLED":
		case "DEADLINE":
			return new ClusterExecutorError("executor-cluster/cancelled", `${where} was cancelled by somebody else`, {
				failureClass: "cancelled",
				remedy: "Ask whoever ran scancel; run it again for the cells that are missing.",
				context,
			});
	}
	const detail = state?.exitCode ? `, exit code ${state.exitCode}: ${lastLine(log)}` : "";
	const isMemory = name === "OUT_OF_MEMORY" || /exceeded memory limit|oom.kill/i.test(log);
	if (isMemory && wasRunning) {
		return new ClusterExecutorError("executor-cluster/out-of-memory", `${where} was killed for its memory`, {
			failureClass: "out-of-memory",
			remedy: "Ask for more memory (--memory), or make the cells smaller.",
			context,
		});
	}
	if (name === "TIMEOUT" && wasRunning) {
		return new ClusterExecutorError("executor-cluster/timeout", `${where} reached the job's time limit at this cell`, {
			// The cell may have started late in a long chunk; the next wave's chunks are smaller.
			failureClass: "preempted",
			remedy: "Ask for more time (--time), or make the cells smaller.",
			context,
		});
	}
	if (!wasRunning || isMemory || name === "TIMEOUT") {
		return new ClusterExecutorError(
			"executor-cluster/task-lost",
			`${where} ended (${name}) before this cell's turn${detail}`,
			{
				failureClass: "preempted",
				remedy: "Look at the task's log in the spool folder; all nodes must see Node.js, the module and that folder.",
				context,
			},
		);
	}
	if (name === "FAILED" && state?.exitCode !== "0:9") {
		return new ClusterExecutorError(
			"executor-cluster/task-failed",
			`${where} failed with exit code ${state?.exitCode}: ${lastLine(log)}`,
			{ failureClass: "bug", remedy: "Look at the task's log in the spool folder.", context },
		);
	}
	return new ClusterExecutorError("executor-cluster/task-lost", `${where} ended (${name}) without this cell's result`, {
		failureClass: "preempted",
		context,
	});
}

function lastLine(log: string): string {
	return log.trimEnd().split("\n").at(-1) ?? "";
}
