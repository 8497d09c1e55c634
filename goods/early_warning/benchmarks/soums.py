"""Exceedance probabilities for every Mongolian soum from a 51-member field, beside other tools.

    python goods/early_warning/benchmarks/soums.py --data ../shared/data --peer
    /path/to/venv/bin/python

Both programs read one GRIB2 file (51 members of 24 h rain, 0.25 degrees, whole Earth, CCSDS, made
here from smoothed noise) and 322 areas, and give the area-weighted mean probability of more than 10
mm. Each runs in a process of its own, from cold imports to the last number, `--repeat` times; the
median counts. The areas are made: soum boundaries are not in the test data, so each soum is the
land that is nearest to its weather station, cut to the country's outline. The other program is
cfgrib, xarray and regionmask (`mask_3D_frac_approx`), as a careful user would write it; it needs a
virtual environment with these four: cfgrib, xarray, regionmask, geopandas.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

OURS = """
import json, sys, time
begin = time.perf_counter()
import shapely
from pathlib import Path
from early_warning.grids import ECMWF_2026, Gates, RegularGrid, Threshold
from early_warning.grids import ensembles, from_members, read_grib
from early_warning.people import BoundarySpec, district_weights, read_boundaries
from early_warning.grids.libraries import library
library("eccodes")
imported = time.perf_counter()
areas = read_boundaries(Path(sys.argv[2]), BoundarySpec(code="code", name="code")).areas
grid = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
weights = district_weights(areas, grid)
masked = time.perf_counter()
(found,) = ensembles(
    read_grib(Path(sys.argv[1]), weights.cells), ECMWF_2026, Gates(now=None)
).values()
read = time.perf_counter()
odds = from_members(found, Threshold("above", 10.0, "mm"), weights, "mean")
done = time.perf_counter()
import resource
print(json.dumps({
    "import": imported - begin, "weights": masked - imported, "read": read - masked,
    "odds": done - read, "total": done - begin, "processor": time.process_time(),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "values": {one.code: one.probability for one in odds},
}))
"""

PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
begin = time.perf_counter()
import geopandas, numpy as np, regionmask, xarray as xr
imported = time.perf_counter()
frame = geopandas.read_file(sys.argv[2])
regions = regionmask.from_geopandas(frame, names="code", abbrevs="code")
west, south, east, north = frame.total_bounds
lat = np.arange(90, -90.01, -0.25)
lon = np.arange(0, 360, 0.25)
lat = lat[(lat > south - 0.25) & (lat < north + 0.25)]
lon = lon[(lon > west - 0.25) & (lon < east + 0.25)]
share = regions.mask_3D_frac_approx(lon, lat)
masked = time.perf_counter()
parts = []
for kind in ("pf", "fc"):
    one = xr.open_dataset(
        sys.argv[1], engine="cfgrib",
        backend_kwargs={"indexpath": "", "filter_by_keys": {"dataType": kind}},
    )["tp"].sel(latitude=slice(lat[0], lat[-1]), longitude=slice(lon[0], lon[-1])).load()
    if "number" not in one.dims:
        one = one.drop_vars("number", errors="ignore").expand_dims(number=[0])
    parts.append(one.drop_vars([name for name in one.coords if name not in one.dims]))
rain = xr.concat(parts, "number") * 1000
read = time.perf_counter()
odds = (rain > 10).mean("number").rename(latitude="lat", longitude="lon")
odds = odds.assign_coords(lat=lat, lon=lon)
weight = share * np.cos(np.deg2rad(share.lat))
values = (odds * weight).sum(("lat", "lon")) / weight.sum(("lat", "lon"))
values = dict(zip(share.names.values.tolist(), values.values.tolist()))
done = time.perf_counter()
import resource
print(json.dumps({
    "import": imported - begin, "weights": masked - imported, "read": read - masked,
    "odds": done - read, "total": done - begin, "processor": time.process_time(),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "values": values,
}))
"""


def make_file(path: Path) -> None:
    """50 perturbed members and the high-resolution run, of smoothed noise."""
    import numpy as np
    from goods.early_warning.tests.grids.made import member, single_run
    from scipy.ndimage import gaussian_filter

    from early_warning.grids import RegularGrid

    grid = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
    rng = np.random.default_rng(8)
    with path.open("wb") as file:
        for number in range(51):
            noise = gaussian_filter(rng.standard_normal((721, 1440)), 6, mode="wrap")
            rain = np.maximum(0, noise / noise.std() * 12 - 2)
            if number == 0:
                file.write(single_run(rain, grid=grid))
            else:
                file.write(member(number, rain, grid=grid))


def make_areas(data: Path, path: Path) -> int:
    """The land nearest to each soum's station; returns how many areas."""
    import shapely

    folder = data / "weather" / "mongolia"
    outline = json.loads((folder / "admin-boundary-unified-polygon.json").read_text())
    country = shapely.make_valid(shapely.from_geojson(json.dumps(outline["geometry"])))
    rows = json.loads((folder / "longterm_data.json").read_text())
    centres = sorted({(row["lon"], row["lat"]) for row in rows})
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(centres), extend_to=country, ordered=True
    ).geoms
    features = []
    for number, cell in enumerate(cells):
        shape = cell.intersection(country)
        if shape.area > 0:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"code": f"S{number:03}"},
                    "geometry": json.loads(shapely.to_geojson(shape)),
                }
            )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return len(features)


def run(python: str, program: str, *arguments: str) -> dict[str, Any]:
    """One fresh process."""
    done = subprocess.run(
        [python, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    """Make the files, run both, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peer", help="Python with cfgrib, xarray, regionmask, geopandas")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, areas = Path(folder) / "members.grib2", Path(folder) / "soums.json"
        make_file(file)
        count = make_areas(options.data, areas)
        print(f"{count} areas, 51 members, {file.stat().st_size / 1e6:.0f} MB, median of runs:")
        programs = {"early-warning": (sys.executable, OURS)}
        if options.peer:
            programs["cfgrib + xarray + regionmask"] = (options.peer, PEER)
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
        for _ in range(options.repeat):  # taking turns, so that a busy machine is unkind to both
            for name, (python, program) in programs.items():
                results[name].append(run(python, program, str(file), str(areas)))
        keys = ("import", "weights", "read", "odds", "total", "processor")
        medians = {}
        for name, found in results.items():
            medians[name] = {key: statistics.median(one[key] for one in found) for key in keys}
            told = ", ".join(f"{key} {medians[name][key]:.3f} s" for key in keys)
            print(f"{name}: {told}, {max(one['megabytes'] for one in found):.0f} MB")
        if options.peer:
            ours, theirs = results.values()
            first, second = ours[0]["values"], theirs[0]["values"]
            furthest = max(abs(first[code] - second[code]) for code in first)
            for key in ("total", "processor"):
                first_total, second_total = (one[key] for one in medians.values())
                print(f"{key}: {second_total / first_total:.1f} times faster")
            print(f"the numbers are at most {furthest:.4f} apart")


if __name__ == "__main__":
    main()
