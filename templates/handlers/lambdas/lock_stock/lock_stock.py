"""LockStock, for each order.created: a folder of its own, all of which is deployed, with the module omnibus."""

from omnibus import Context, Event, consume, load_contract

# As the stack has it in `on`: declared once, in TypeScript.
order_created = load_contract("order.created")


def handle(event: Event, ctx: Context) -> None:
    """Return: done, and never run again for this event. Raise: later again. Raise PermanentError: a dead letter at once."""
    # Handlers run in threads, up to ten at once: what they share must bear that. Whoever you call gets ctx.effect_key: it
    # is the same on every try, so that they can know it again.
    ctx.log("LockStock ran", orderId=event.data["orderId"], effect_key=ctx.effect_key)


handler = consume(order_created, handle)
