"""Answers whom to write to next, from the table: python whom.py TABLE [COUNT]. One JSON line each, the first one first."""

import json
import sys

import boto3

from ranking import Customer, whom_to_write


def read(table):
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(
        TableName=table, ConsistentRead=True, ProjectionExpression="customer, recency, frequency, cents"
    )
    for page in pages:
        for item in page["Items"]:
            yield Customer(item["customer"]["S"], item["recency"]["S"], int(item["frequency"]["N"]), int(item["cents"]["N"]))


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    for customer, (recency, frequency, money) in whom_to_write(list(read(sys.argv[1])))[:count]:
        marks = {"recency": recency, "frequency": frequency, "money": money}
        print(json.dumps({**customer._asdict(), "marks": marks}))
