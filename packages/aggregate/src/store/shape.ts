/** Number of elements in an array of the shape. */
export function productOf(shape: readonly number[]): number {
	return shape.reduce((product, length) => product * length, 1);
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
	return a.length === b.length && a.every((length, dimension) => length === b[dimension]);
}
