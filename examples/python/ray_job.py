"""Who said what in a Parquet data set (columns id and text), by Ray Data.

python ray_job.py s3://bucket/articles s3://bucket/said [WORKERS]
"""

import sys

import ray

import dixit

workers = int(sys.argv[3]) if len(sys.argv) > 3 else 2
articles = ray.data.read_parquet(sys.argv[1], columns=["id", "text"])
said = articles.map_batches(
    dixit.ray.Extract, batch_format="pyarrow", batch_size=256, concurrency=workers
)
said.write_parquet(sys.argv[2])
