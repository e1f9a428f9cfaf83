"""Serves moto's S3 on the port given, one request after the other, so that each is one atomic step, as it is at Amazon's."""

import logging
import sys

from moto.server import create_backend_app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", int(sys.argv[1]), create_backend_app("s3"), threaded=False)
print("ready", flush=True)
server.serve_forever()
