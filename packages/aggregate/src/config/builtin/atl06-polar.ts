import { ATL06_SOURCE, ATL06_VARIABLES } from "./icesat2.ts";

/** ATL06 heights on 5 km cells of the Antarctic polar stereographic projection. */
export const ATL06_POLAR = `data_source:
${ATL06_SOURCE}

aggregation:
  variables:
${ATL06_VARIABLES}

output:
  grid:
    type: rectilinear
    crs: EPSG:3031
    resolution: 5000
    bounds: [-3200000, -3200000, 3200000, 3200000]
    chunk_shape: [256, 256]
`;
