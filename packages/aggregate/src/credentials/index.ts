export { type EarthdataLogin, type EarthdataOptions, earthdataAccess } from "./earthdata.ts";
