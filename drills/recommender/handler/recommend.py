"""Keeps of each customer when they last ordered, how often, and for how much: recency, frequency, money."""

import os

import boto3

from customers import Customers
from omnibus import consume, load_contract

order_created = load_contract("order.created")
customers = Customers(boto3.client("dynamodb"), os.environ["CUSTOMERS"])


def handle(event, ctx):
    order = event.data
    customers.add(order["customer"], order["date"], order["cents"], ctx.effect_key)


handler = consume(order_created, handle)
