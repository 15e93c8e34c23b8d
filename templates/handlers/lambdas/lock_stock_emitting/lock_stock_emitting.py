"""LockStock, for each order.created: does its work, then says so with stock.locked. All of this folder is deployed."""

from omnibus import Context, Event, consume, load_contract

# As the stack has them in `on` and `emits`: declared once, in TypeScript.
order_created = load_contract("order.created")
stock_locked = load_contract("stock.locked")


def handle(event: Event, ctx: Context) -> None:
    """Return: done, and never run again for this event. Raise: later again. Raise PermanentError: a dead letter at once."""
    # Handlers run in threads, up to ten at once: what they share must bear that.
    ctx.log("LockStock ran", orderId=event.data["orderId"], effect_key=ctx.effect_key)
    # Stored in the same write that marks this event as done, then sent: if and only if it is done, always under one id.
    ctx.emit(stock_locked, {"orderId": event.data["orderId"]})


handler = consume(order_created, handle)
