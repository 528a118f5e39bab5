import { ATL06_SOURCE, ATL06_VARIABLES } from "./icesat2.ts";

/** ATL06 heights on HEALPix order 12. */
export const ATL06 = `data_source:
${ATL06_SOURCE}

aggregation:
  coordinates:
    cell_ids: {dtype: uint64, fill_value: 0}
    morton: {dtype: uint64, fill_value: 0}
  variables:
${ATL06_VARIABLES}
    h_q25: {function: quantile, source: h_li, params: {q: 0.25}, dtype: float32}
    h_q50: {function: quantile, source: h_li, params: {q: 0.50}, dtype: float32}
    h_q75: {function: quantile, source: h_li, params: {q: 0.75}, dtype: float32}

output:
  grid:
    type: healpix
    indexing_scheme: nested
    parent_order: 6
    child_order: 12
`;
