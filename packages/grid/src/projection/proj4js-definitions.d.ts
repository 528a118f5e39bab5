/** Pairs of CRS name (`EPSG:3031`) and proj4 definition. The package ships no types. */
declare module "proj4js-definitions" {
	const definitions: readonly (readonly [name: string, definition: string])[];
	export default definitions;
}
