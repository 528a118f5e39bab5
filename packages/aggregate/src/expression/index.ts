export { toFloat as toScalar } from "./builtins.ts";
export { evaluateExpression, evaluateTree } from "./evaluate.ts";
export { toMask } from "./mask.ts";
export { type ParsedExpression, parseExpression } from "./parse.ts";
export type { ArrayValue, PythonNumber, Value } from "./value.ts";
