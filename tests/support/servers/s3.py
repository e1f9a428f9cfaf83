"""Serves moto's S3 on the port given, with one empty bucket, `sessions`.

It answers one request after the other, so that each is one atomic step, as it is at Amazon's: moto compares an object's ETag
first and replaces the object then, and its own server does that on many threads.
"""

import logging
import sys

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import create_backend_app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket("sessions", "us-east-1")
server = make_server("127.0.0.1", int(sys.argv[1]), create_backend_app("s3"), threaded=False)
print("ready", flush=True)
server.serve_forever()
