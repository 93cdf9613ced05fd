"""Delivery of messages: routes select topics, adapters speak to gateways, a worker retries."""
