"""The table of customers: three numbers each, and the keys of the effects that made them."""

from botocore.exceptions import ClientError

# The number and the key that proves it stand in one item, so one conditional write changes both or neither.
NOT_YET = "NOT contains(effects, :key)"
COUNT = "ADD frequency :one, cents :cents, effects :keys"


class Customers:
    def __init__(self, dynamodb, table):
        self._dynamodb = dynamodb
        self._table = table

    def add(self, customer, date, cents, effect_key):
        """Adds an order to its customer, once for an effect key however often it is called."""
        values = {
            ":one": {"N": "1"},
            ":cents": {"N": str(cents)},
            ":key": {"S": effect_key},
            ":keys": {"SS": [effect_key]},
        }
        # First as the customer's latest order. When that is refused, a later one is known already, and stays the later
        # one; or the effect is known. The second write tells them apart.
        latest = f"{NOT_YET} AND (attribute_not_exists(recency) OR recency <= :date)"
        if not self._update(customer, f"SET recency = :date {COUNT}", latest, {**values, ":date": {"S": date}}):
            self._update(customer, COUNT, NOT_YET, values)

    def _update(self, customer, expression, condition, values):
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"customer": {"S": customer}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
            return True
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
