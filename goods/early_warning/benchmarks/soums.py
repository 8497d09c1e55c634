"""Exceedance probabilities for every Mongolian soum from 51-member fields, beside other tools.

    python goods/early_warning/benchmarks/soums.py --data ../shared/data --peer
    /path/to/venv/bin/python [--quantities 4 --steps 10]

Both programs read GRIB2 files (51 members of one quantity and step each, 0.25 degrees, whole Earth,
CCSDS, made here from smoothed noise) and 322 areas, and give the area-weighted mean probability of
more than a threshold. Each runs in a process of its own, from cold imports to the last number,
`--repeat` times in turn; the best counts, for a machine that is shared. The areas are made: soum
boundaries are not in the test data, so each soum is the land that is nearest to its weather
station, cut to the country's outline. The other program is cfgrib, xarray and regionmask
(`mask_3D_frac_approx`), as a careful user would write it; it needs a virtual environment with these
four: cfgrib, xarray, regionmask, geopandas.

A third program has ecCodes decode every message, on one thread, and does nothing else: no program
that decodes whole fields with it is faster on one processor.
"""

from __future__ import annotations

import argparse
import json
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
areas = read_boundaries(Path(sys.argv[1]), BoundarySpec(code="code", name="code")).areas
grid = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
weights = district_weights(areas, grid)
masked = time.perf_counter()
read = odds_time = 0.0
values = []
for path, threshold, units, factor in json.loads(sys.argv[2]):
    start = time.perf_counter()
    (found,) = ensembles(
        read_grib(Path(path), weights.cells), ECMWF_2026, Gates(now=None)
    ).values()
    middle = time.perf_counter()
    odds = from_members(found, Threshold("above", threshold, units), weights, "mean")
    values.append({one.code: one.probability for one in odds})
    read += middle - start
    odds_time += time.perf_counter() - middle
done = time.perf_counter()
"""

PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
begin = time.perf_counter()
import geopandas, numpy as np, regionmask, xarray as xr
imported = time.perf_counter()
frame = geopandas.read_file(sys.argv[1])
regions = regionmask.from_geopandas(frame, names="code", abbrevs="code")
west, south, east, north = frame.total_bounds
lat = np.arange(90, -90.01, -0.25)
lon = np.arange(0, 360, 0.25)
lat = lat[(lat > south - 0.25) & (lat < north + 0.25)]
lon = lon[(lon > west - 0.25) & (lon < east + 0.25)]
share = regions.mask_3D_frac_approx(lon, lat)
masked = time.perf_counter()
weight = share * np.cos(np.deg2rad(share.lat))
read = odds_time = 0.0
values = []
for path, threshold, units, factor in json.loads(sys.argv[2]):
    start = time.perf_counter()
    parts = []
    for kind in ("pf", "fc"):
        data = xr.open_dataset(
            path, engine="cfgrib",
            backend_kwargs={"indexpath": "", "filter_by_keys": {"dataType": kind}},
        )
        one = data[list(data.data_vars)[0]]
        one = one.sel(latitude=slice(lat[0], lat[-1]), longitude=slice(lon[0], lon[-1])).load()
        if "number" not in one.dims:
            one = one.drop_vars("number", errors="ignore").expand_dims(number=[0])
        parts.append(one.drop_vars([name for name in one.coords if name not in one.dims]))
    field = xr.concat(parts, "number") * factor
    middle = time.perf_counter()
    odds = (field > threshold).mean("number").rename(latitude="lat", longitude="lon")
    odds = odds.assign_coords(lat=lat, lon=lon)
    found = (odds * weight).sum(("lat", "lon")) / weight.sum(("lat", "lon"))
    values.append(dict(zip(share.names.values.tolist(), found.values.tolist())))
    read += middle - start
    odds_time += time.perf_counter() - middle
done = time.perf_counter()
"""

TOLD = """
import resource
print(json.dumps({
    "import": imported - begin, "weights": masked - imported, "read": read, "odds": odds_time,
    "total": done - begin, "processor": time.process_time(),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "values": values,
}))
"""

FLOOR = """
import json, sys, time
import eccodes, numpy as np
spent = time.process_time()
for path, *_ in json.loads(sys.argv[2]):
    with open(path, "rb") as file:
        while (handle := eccodes.codes_grib_new_from_file(file)) is not None:
            eccodes.codes_get_values(handle, ktype=np.float32)
            eccodes.codes_release(handle)
print(json.dumps({"processor": time.process_time() - spent}))
"""

QUANTITIES = (
    # short name, over a period, units and factor to them, offset and scale of the noise, threshold
    ("tp", True, "mm", 1000.0, -0.002, 0.012, 10.0),
    ("10fg", True, "m/s", 1.0, 12.0, 6.0, 20.0),
    ("2t", False, "K", 1.0, 275.0, 10.0, 290.0),
    ("10si", False, "m/s", 1.0, 6.0, 3.0, 12.0),
)


def make_files(folder: Path, quantities: int, steps: int) -> list[tuple[str, float, str, float]]:
    """50 perturbed members and the high-resolution run, of smoothed noise.

    Returns:
        Path, threshold, units, and factor that brings the file's values into them.
    """
    import numpy as np
    from goods.early_warning.tests.grids.made import ECMWF, message
    from scipy.ndimage import gaussian_filter

    from early_warning.grids import RegularGrid
    from early_warning.grids.libraries import library

    codes = library("eccodes")
    grid = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
    rng = np.random.default_rng(8)
    files = []
    for name, _, units, factor, _, _, threshold in QUANTITIES[:quantities]:
        for step in range(steps):
            path = folder / f"{name}-{step}.grib2"
            path.unlink(missing_ok=True)
            files.append((str(path), threshold, units, factor))
    for number in range(51):
        noise = gaussian_filter(rng.standard_normal((721, 1440)), 6, mode="wrap")
        noise /= noise.std()
        for name, period, _, _, offset, scale, _ in QUANTITIES[:quantities]:
            template = (8 if period else 0) if number == 0 else (11 if period else 1)
            who: dict[str, object] = {"stream": "oper", "type": "fc"}
            if number:
                who = {"stream": "enfo", "type": "pf"}
                who |= {"perturbationNumber": number, "numberOfForecastsInEnsemble": 51}
            values = offset + scale * noise
            values = values if name == "2t" else np.maximum(0, values)
            data = message(values, grid, template=template, **ECMWF, **who, shortName=name)
            for step in range(steps):
                handle = codes.codes_new_from_message(data)
                end = 24 * (step + 1)
                codes.codes_set(handle, "stepRange", f"{end - 24}-{end}" if period else str(end))
                with (folder / f"{name}-{step}.grib2").open("ab") as file:
                    file.write(codes.codes_get_message(handle))
                codes.codes_release(handle)
    return files


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
    """Make the files, run all, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peer", help="Python with cfgrib, xarray, regionmask, geopandas")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--quantities", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        areas = Path(folder) / "soums.json"
        files = make_files(Path(folder), options.quantities, options.steps)
        size = sum(Path(path).stat().st_size for path, *_ in files)
        count = make_areas(options.data, areas)
        print(f"{count} areas, {len(files)} x 51 members, {size / 1e6:,.0f} MB, best of runs:")
        programs = {"early-warning": (sys.executable, OURS + TOLD)}
        if options.peer:
            programs["cfgrib + xarray + regionmask"] = (options.peer, PEER + TOLD)
        programs["ecCodes alone"] = (sys.executable, FLOOR)
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
        for _ in range(options.repeat):  # taking turns, so that a busy machine is unkind to all
            for name, (python, program) in programs.items():
                results[name].append(run(python, program, str(areas), json.dumps(files)))
        report(results)


def report(results: dict[str, list[dict[str, Any]]]) -> None:
    """The best of each figure, their ratios, and how far the numbers are apart."""
    best = {}
    for name, found in results.items():
        keys = [key for key in found[0] if key not in ("values", "megabytes")]
        best[name] = {key: min(one[key] for one in found) for key in keys}
        told = ", ".join(f"{key} {best[name][key]:.3f} s" for key in keys)
        memory = [f", {one['megabytes']:.0f} MB" for one in found[-1:] if "megabytes" in one]
        print(f"{name}: {told}{''.join(memory)}")
    ours, *others, floor = best.values()
    print(f"decoding alone: {floor['processor'] / ours['processor']:.0%} of our processor time")
    if others:
        for key in ("read", "total", "processor"):
            print(f"{key}: {others[0][key] / ours[key]:.1f} times faster")
        first, second = (found[0]["values"] for found in list(results.values())[:2])
        furthest = max(
            abs(one[code] - two[code])
            for one, two in zip(first, second, strict=True)
            for code in one
        )
        print(f"the numbers are at most {furthest:.4f} apart")


if __name__ == "__main__":
    main()
