"""python main.py TOPIC_ARN < orders.jsonl, where a line is an order: {"orderId": "o-1", "cents": 1250}"""

import json
import sys

import boto3
from order_publisher import publish

orders = [json.loads(line) for line in sys.stdin.buffer]
publish(boto3.client("sns"), sys.argv[1], orders)
print(f"published {len(orders)}")
