/** The driver and beams that every built-in config shares; HDF5 group names of the six ICESat-2 ground tracks. */
export const ICESAT2_SOURCE = `  reader: h5coro
  driver: s3
  groups: [gt1l, gt1r, gt2l, gt2r, gt3l, gt3r]`;

/** ATL06 land-ice heights: good-quality segments. */
export const ATL06_SOURCE = `${ICESAT2_SOURCE}
  coordinates:
    latitude: "/{group}/land_ice_segments/latitude"
    longitude: "/{group}/land_ice_segments/longitude"
  variables:
    h_li: "/{group}/land_ice_segments/h_li"
    s_li: "/{group}/land_ice_segments/h_li_sigma"
  quality_filter:
    dataset: "/{group}/land_ice_segments/atl06_quality_summary"
    value: 0`;

/** ATL03 photons, found through the 20 m segments of the geolocation group; -2 marks transmitter-echo photons. */
export const ATL03_SOURCE = `${ICESAT2_SOURCE}
  coordinates:
    latitude: "/{group}/heights/lat_ph"
    longitude: "/{group}/heights/lon_ph"
  variables:
    h_ph: "/{group}/heights/h_ph"
  filters:
    - dataset: "/{group}/heights/signal_conf_ph"
      column: 0
      op: ne
      value: -2
  base_level: photons
  levels:
    photons:
      path: "/{group}/heights"
      coordinates: {latitude: lat_ph, longitude: lon_ph}
      link: null
    segments:
      path: "/{group}/geolocation"
      coordinates: {latitude: reference_photon_lat, longitude: reference_photon_lon}
      link:
        to: photons
        index_beg: "/{group}/geolocation/ph_index_beg"
        count: "/{group}/geolocation/segment_ph_cnt"
        index_base: 1
  read_plan:
    spatial_index: segments
    pad: 1`;

/** Heights and weighted means that both ATL06 configs make of each cell. */
export const ATL06_VARIABLES = `    count: {function: len, source: h_li, dtype: int32, fill_value: 0}
    h_min: {function: min, source: h_li, dtype: float32}
    h_max: {function: max, source: h_li, dtype: float32}
    h_mean: {function: average, source: h_li, params: {weights: "1.0 / s_li**2"}, dtype: float32}
    h_sigma: {expression: "1.0 / np.sqrt(np.sum(1.0 / s_li**2))", dtype: float32}
    h_variance: {function: var, source: h_li, dtype: float32}`;

/** A global grid of about 11 m cells in geographic coordinates. */
export const GLOBAL_GRID = `  grid:
    type: rectilinear
    crs: EPSG:4326
    resolution: 0.0001
    bounds: [-180, -90, 180, 90]
    chunk_shape: [256, 256]`;
