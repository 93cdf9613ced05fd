"""How messages leave: routes say which topics go where, adapters speak to gateways, a worker tries until it is done."""
