"""Ray: several nodes, and a worker that dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, ROUNDS, Records, in_order, record

import dixit.ray

ray = pytest.importorskip("ray")
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head that computes nothing, and two nodes."""
    from ray.cluster_utils import Cluster

    memory = 100 << 20
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": memory, "include_dashboard": False},
    )
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=memory)
    environment = {"env_vars": {"PYTHONPATH": str(HERE)}}
    ray.init(address=cluster.address, runtime_env=environment, log_to_driver=False)
    cluster.wait_for_nodes()
    yield cluster
    ray.shutdown()
    cluster.shutdown()


class Killing(dixit.ray.Extract):
    """Extracts, and on the way kills the process that it runs in, once."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark
        self.batches = 0

    def __call__(self, batch: pa.Table) -> pa.Table:
        found = super().__call__(batch)
        self.batches += 1
        if self.batches == 2:
            try:
                mark = os.open(self.mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            except FileExistsError:
                return found
            os.write(mark, str(os.getpid()).encode())
            os.kill(os.getpid(), 9)
        return found


def rows(dataset: Any) -> Records:
    return [record(row) for row in dataset.take_all()]


@pytest.mark.parametrize("round", ROUNDS)
def test_a_killed_worker_loses_nothing(
    cluster: Any, tmp_path: Path, documents: list[dict[str, str]], expected: Records, round: int
) -> None:
    mark = tmp_path / "killed"
    dataset = ray.data.from_items(documents, override_num_blocks=8)
    said = dataset.map_batches(
        Killing,
        batch_format="pyarrow",
        batch_size=4,
        concurrency=2,
        fn_constructor_kwargs={"mark": str(mark)},
    )
    found = rows(said)
    assert int(mark.read_text()) > 0, "nobody was killed"
    assert in_order(found, documents) == expected


def test_the_example(
    cluster: Any, tmp_path: Path, documents: list[dict[str, str]], expected: Records
) -> None:
    pq.write_table(pa.Table.from_pylist(documents), tmp_path / "articles.parquet")
    said = tmp_path / "said"
    script = ROOT / "examples/python/ray_job.py"
    command = [sys.executable, str(script), str(tmp_path / "articles.parquet"), str(said)]
    environment = os.environ | {"RAY_ADDRESS": cluster.address}
    subprocess.run(command, env=environment, check=True)
    found = [record(row) for row in pq.read_table(said).to_pylist()]
    assert in_order(found, documents) == expected
