"""Serves Keystone's own application on a free port of the loopback address."""

from keystone.server.wsgi import initialize_public_application
from waitress import create_server

server = create_server(initialize_public_application(), listen="127.0.0.1:0")
print(f"listening on http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
