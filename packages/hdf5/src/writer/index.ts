export { Hdf5Error, type Hdf5ErrorCode } from "../errors.ts";
export type { DatasetOptions } from "./dataset-options.ts";
export { createHdf5File, type Hdf5FileWriter } from "./hdf5-file.ts";
