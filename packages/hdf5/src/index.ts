export type { ByteSource, ReadStatistics } from "./byte-source.ts";
export type { Hdf5Dataset, ReadOptions } from "./dataset.ts";
export { Hdf5Error, type Hdf5ErrorCode, type Hdf5ErrorOptions } from "./errors.ts";
export { type Hdf5File, openHdf5 } from "./file.ts";
export type { NumericArray, NumericType } from "./numeric.ts";
export { createNumericArray, elementSizeOf, numericArrays } from "./numeric-array.ts";
export { openFileSource } from "./sources/file-source.ts";
export { type HttpsSourceOptions, openHttpsSource } from "./sources/https-source.ts";
export { memorySource } from "./sources/memory-source.ts";
