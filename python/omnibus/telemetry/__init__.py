"""Log lines and metrics, in the shape of schema/log.schema.json and schema/metrics.schema.json."""
