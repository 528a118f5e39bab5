export { fixedText } from "./fixed.ts";
export { isIntegerAt, isMarkedFloat, markFloat } from "./float-marks.ts";
export { floatText } from "./float-text.ts";
export { type JsonLayout, parseJson, stringifyJson } from "./json.ts";
export { pythonRepr, pythonReprAt, pythonTuple } from "./repr.ts";
export { isTruthy } from "./truth.ts";
