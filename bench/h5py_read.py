"""Reads the same columns as hdf5.ts with h5py, for a figure beside it: python h5py_read.py FILE..."""

import sys
import time

import h5py

COLUMNS = ["latitude", "longitude", "h_li", "h_li_sigma", "atl06_quality_summary"]
BEAMS = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"]

started = time.perf_counter()
decoded = 0
for path in sys.argv[1:]:
    with h5py.File(path) as file:
        for beam in BEAMS:
            if f"{beam}/land_ice_segments" not in file:
                continue
            for column in COLUMNS:
                decoded += file[f"{beam}/land_ice_segments/{column}"][:].nbytes
print(decoded / 1e6 / (time.perf_counter() - started))
