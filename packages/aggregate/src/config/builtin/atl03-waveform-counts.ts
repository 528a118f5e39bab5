import { ATL03_SOURCE, GLOBAL_GRID } from "./icesat2.ts";

/** Pseudo-waveforms: photons of a cell counted in 128 bins of 2 m around their median height. */
export const ATL03_WAVEFORM_COUNTS = `data_source:
${ATL03_SOURCE}

aggregation:
  variables:
    waveform_counts:
      kind: vector
      trailing_shape: 128
      expression: "np.histogram(h_ph - np.median(h_ph), 128, (-128.0, 128.0))[0].astype('uint32')"
      source: h_ph
      dtype: uint32
      fill_value: 0
    bin_start: {function: median, source: h_ph, dtype: float32}

output:
${GLOBAL_GRID}
`;
