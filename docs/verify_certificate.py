"""Verifies a certificate without its site: `python verify_certificate.py KEYS.txt "TEXT OF THE QR CODE"`.

KEYS.txt is what /belge/anahtarlar.txt of the site gives. Needs Python 3 and its package `cryptography`.
"""

import base64
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

with open(sys.argv[1]) as file:
    keys = re.findall("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", file.read(), re.S)
text, _, signature = "".join(sys.argv[2].split()).rpartition("#")[2].rpartition(".")
for key in keys:
    try:
        signed = base64.urlsafe_b64decode(signature + "==")
        load_pem_public_key(key.encode()).verify(signed, text.encode())
        payload = base64.urlsafe_b64decode(text.split(".")[2] + "==")
        sys.exit(print("GENUINE", *json.loads(payload), sep="\n"))
    except (InvalidSignature, ValueError):
        continue
sys.exit("NOT GENUINE: changed, not whole, or signed with another key")
