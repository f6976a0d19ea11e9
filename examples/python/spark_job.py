"""Who said what in a Parquet data set (columns id and text), by Spark.

spark-submit spark_job.py hdfs:///articles hdfs:///said
"""

import sys

from pyspark.sql import SparkSession

import dixit

spark = SparkSession.builder.appName("dixit").getOrCreate()
articles = spark.read.parquet(sys.argv[1]).select("id", "text")
said = articles.mapInArrow(dixit.spark.extract, schema=dixit.SCHEMA)
said.write.parquet(sys.argv[2])
