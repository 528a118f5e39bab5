import { ATL03_SOURCE, GLOBAL_GRID } from "./icesat2.ts";

/** ATL03 photon height statistics. */
export const ATL03 = `data_source:
${ATL03_SOURCE}

aggregation:
  variables:
    count: {function: len, source: h_ph, dtype: int32, fill_value: 0}
    h_min: {function: min, source: h_ph, dtype: float32}
    h_max: {function: max, source: h_ph, dtype: float32}
    h_mean: {function: mean, source: h_ph, dtype: float32}
    h_median: {function: median, source: h_ph, dtype: float32}
    h_variance: {function: var, source: h_ph, dtype: float32}

output:
${GLOBAL_GRID}
`;
