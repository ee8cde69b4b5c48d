"""Writes small tables as pandas and pyarrow do, in every codec and page layout they have, for packages/ml-doctor/test/golden/parquet-tables.json.

    python3 -m venv venv && venv/bin/pip install pandas pyarrow && venv/bin/python tools/golden/parquet-tables.py
"""
import base64, io, json, pathlib
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq

N = 12
frame = pd.DataFrame({
    "i8": np.arange(N, dtype="int8") - 3,
    "i64": np.arange(N, dtype="int64") * 10**12,
    "u32": np.arange(N, dtype="uint32") + 4294967280,
    "f4": (np.arange(N) / 4).astype("float32"),
    "f8": np.arange(N) / 3,
    "flag": [i % 3 == 0 for i in range(N)],
    "city": [["Oslo", "Graz", "Bern"][i % 3] for i in range(N)],
    "gap": [None if i % 4 == 1 else f"t{i % 2}" for i in range(N)],
    "label": [i % 2 for i in range(N)],
})
table = pa.Table.from_pandas(frame, preserve_index=False)
vectors = pa.table({
    "posteriors": pa.array([[(i + 1) / 20, 1 - (i + 1) / 20] for i in range(N)], pa.list_(pa.float32())),
    "fixed": pa.array([[i, -i, 2 * i] for i in range(N)], pa.list_(pa.int64(), 3)),
    "label": pa.array([i % 2 for i in range(N)]),
    "member": pa.array([i < 6 for i in range(N)]),
})
indexed = frame[["f8", "label"]].set_index(pd.Index([f"r{i}" for i in range(N)]))


def write(data, **options):
    out = io.BytesIO()
    pq.write_table(data, out, **options)
    return base64.b64encode(out.getvalue()).decode()


files = {}
for codec in ["snappy", "gzip", "brotli", "zstd", "lz4", "none"]:
    files[codec] = write(table, compression=codec)
files["pages 2"] = write(table, data_page_version="2.0", compression="zstd")
files["no dictionary"] = write(table, use_dictionary=False)
files["row groups"] = write(table, row_group_size=5)
files["byte stream split"] = write(table, use_dictionary=False, column_encoding={"f4": "BYTE_STREAM_SPLIT", "i64": "DELTA_BINARY_PACKED", "city": "DELTA_LENGTH_BYTE_ARRAY"})
files["vectors"] = write(vectors)
files["vectors, pages 2"] = write(vectors, data_page_version="2.0", use_dictionary=False)
out = io.BytesIO()
indexed.to_parquet(out)
files["pandas index"] = base64.b64encode(out.getvalue()).decode()
files["delta strings"] = write(table, use_dictionary=False, column_encoding={"city": "DELTA_BYTE_ARRAY"})

path = pathlib.Path(__file__).parents[2] / "packages/ml-doctor/test/golden/parquet-tables.json"
path.write_text(json.dumps({"pyarrow": pa.__version__, "pandas": pd.__version__, "files": files}, indent=1) + "\n")
