#!/usr/bin/env bash
# Gets libtorch 2.4.0 for the engine `rust-bert`, from the Python package index alone.
#
#   crates/rust-bert/libtorch.sh [FOLDER]      (default: target/libtorch)
#
# Takes what CPUs need out of the wheels of PyTorch (an 800 MB download, 440 MB kept) and leaves one
# flat folder. Needs x86-64 Linux, Python 3 with pip, and a C compiler. Then:
#
#   export LIBTORCH=FOLDER LIBTORCH_CXX11_ABI=0
#   cargo build --release -p dixit-cli --features rust-bert
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(realpath -m "${1:-$here/../../target/libtorch}")

if [ -e "$folder/build-version" ]; then
    echo "libtorch $(cat "$folder/build-version") is in $folder"
    exit 0
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "libtorch.sh: made for x86-64 Linux, not $(uname -sm): take libtorch 2.4.0 from pytorch.org and set LIBTORCH" >&2
    exit 1
fi
for tool in python3 cc strip; do
    command -v "$tool" >/dev/null || { echo "libtorch.sh: $tool is missing: install it" >&2; exit 1; }
done
mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(dirname "$folder")/libtorch.XXXXXX")
trap 'rm -rf "$work"' EXIT

# A wheel of this Python version whatever Python runs here: nothing of it is imported.
python3 -m pip download --quiet --retries 2 --timeout 20 --disable-pip-version-check --no-deps --only-binary=:all: \
    --python-version 3.11 --implementation cp --platform manylinux1_x86_64 --dest "$work/wheels" \
    torch==2.4.0 nvidia-cuda-runtime-cu12==12.1.105 nvidia-cuda-cupti-cu12==12.1.105
python3 - "$work" <<'PYTHON'
import pathlib, re, shutil, sys, zipfile

work = pathlib.Path(sys.argv[1])
# The CUDA library itself stays out: torch-sys would link it where it sees it.
libraries = re.compile(
    r"(torch/lib|nvidia/cuda_(runtime|cupti)/lib)/"
    r"(libtorch_cpu\.so|libc10\.so|libgomp[^/]*|libcudart\.so\.12|libcupti\.so\.12)"
)
for wheel in sorted((work / "wheels").glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith("/"):
                continue
            if libraries.fullmatch(name):
                to = work / "flat/lib" / name.rsplit("/", 1)[1]
            elif name.startswith("torch/include/") and "/pybind11/" not in name:
                to = work / "flat" / name.removeprefix("torch/")
            else:
                continue
            to.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, to.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
PYTHON
# The wheel's own libtorch.so asks for CUDA; this one for what is there.
lib=$work/flat/lib
cc -shared -fPIC -x c /dev/null -o "$lib/libtorch.so" -Wl,--no-as-needed -L"$lib" -ltorch_cpu -lc10 \
    -Wl,-rpath,'$ORIGIN' -Wl,--allow-shlib-undefined
strip --strip-unneeded "$lib"/*.so*
echo 2.4.0 >"$work/flat/build-version"
rm -rf "$folder"
mv "$work/flat" "$folder"
echo "libtorch 2.4.0 is in $folder"
