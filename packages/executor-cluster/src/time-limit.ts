/**
 * Seconds of a time as Slurm writes it: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`,
 * `days-hours:minutes` or `days-hours:minutes:seconds`. Null for `infinite`, `n/a` and anything else.
 */
export function slurmSeconds(text: string): number | null {
	const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
	if (match === null) return null;
	const [days, first, second, third] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
	if (days !== undefined) return days * 86_400 + first! * 3600 + (second ?? 0) * 60 + (third ?? 0);
	if (third !== undefined) return first! * 3600 + second! * 60 + third;
	return first! * 60 + (second ?? 0);
}
