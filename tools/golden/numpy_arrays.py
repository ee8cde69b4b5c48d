"""Small .npy and .npz files as NumPy writes them, for packages/ml-doctor/test/golden/npz, and what is in them.

Every element type, order and format version that is read; `values.json` holds the elements row-major. Run with Python 3
and NumPy (made with the version named in values.json): python tools/golden/numpy_arrays.py
"""
import io
import json
import zipfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "packages/ml-doctor/test/golden/npz"

NUMBERS = np.array([[0, 1, 2], [3, 100, 127]])
SIGNED = np.array([[0, -1, 2], [-128, 100, 127]])
FLOATS = np.array([[0.0, -1.5, 65504.0], [2.0**-24, 0.333251953125, -(2.0**-14)]])


def cases():
    yield "b1", np.array([[True, False, True], [False, False, True]])
    for size in (1, 2, 4, 8):
        for order in "<>" if size > 1 else "|":
            yield f"{order}u{size}", NUMBERS.astype(f"{order}u{size}")
            yield f"{order}i{size}", SIGNED.astype(f"{order}i{size}")
    for size in (2, 4, 8):
        for order in "<>":
            yield f"{order}f{size}", FLOATS.astype(f"{order}f{size}")
    yield "far i8", np.array([-(2**53), 2**53, -(2**40) - 3, 2**33 + 1], dtype="<i8")
    yield "far u8", np.array([2**63, 2**53, 2**32], dtype=">u8")
    yield "fortran f4", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4))
    yield "fortran u1", np.asfortranarray(np.arange(120, dtype="u1").reshape(5, 2, 3, 4))
    yield "<U", np.array(["cat", "D\u00f6del", "", "\U0001f600x"], dtype="<U5")
    yield ">U", np.array(["cat", "D\u00f6del"], dtype=">U5")
    yield "S", np.array([b"cat", b"", b"elephant"], dtype="S8")


def label(array):
    return array.tolist() if array.dtype.kind != "S" else [text.decode() for text in array.tolist()]


class Pipe:
    """Takes bytes and knows no position."""

    def __init__(self, file):
        self.write, self.flush = file.write, file.flush


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    arrays = dict(cases())
    np.savez(FOLDER / "stored.npz", **arrays)
    np.savez_compressed(FOLDER / "deflated.npz", **arrays)
    x = np.arange(6 * 4 * 4 * 3, dtype=np.uint8).reshape(6, 4, 4, 3)
    y = np.array(["cat", "ant", "bee", "ant", "cat", "bee"])
    np.savez_compressed(FOLDER / "pictures.npz", x=x, y=y, age=np.arange(6) * 1.5, sex=np.array([0, 1, 1, 0, 1, 0]))
    np.savez(FOLDER / "objects.npz", x=np.array([[1, 2], None], dtype=object), y=np.array([0, 1]))
    for version in ((1, 0), (2, 0), (3, 0)):
        with open(FOLDER / f"version{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, NUMBERS.astype("<i4"), version=version)
    fields = io.BytesIO()
    np.lib.format.write_array(fields, np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
    (FOLDER / "fields.npy").write_bytes(fields.getvalue())
    # What NumPy writes to a pipe: sizes follow the contents, in 64 bits.
    with open(FOLDER / "piped.npz", "wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in {"x": NUMBERS.astype("<f8"), "y": np.array([1, 0])}.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array)
    values = {
        "numpy": np.__version__,
        "arrays": {name: {"shape": array.shape, "values": label(array.ravel())} for name, array in arrays.items()},
    }
    (FOLDER / "values.json").write_text(json.dumps(values, default=str) + "\n")


main()
