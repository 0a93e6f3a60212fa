"""Verifies a certificate without its site: `python verify_certificate.py KEYS.txt "TEXT OF THE QR CODE"`.

KEYS.txt is what /belge/anahtarlar.txt of the site gives. Needs Python 3 and its package `cryptography`.
"""

import json
import re
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def unpacked(text):
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise ValueError("another spelling of the same bytes")
    return data


with open(sys.argv[1]) as file:
    keys = re.findall("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", file.read(), re.S)
address, _, sealed = "".join(sys.argv[2].split()).rpartition("#")
text, _, signature = sealed.rpartition(".")
for key in keys:
    try:
        load_pem_public_key(key.encode()).verify(unpacked(signature), text.encode())
        content = json.loads(unpacked(text.split(".")[2]))
    except (InvalidSignature, ValueError):
        continue
    if address and not address.partition("?")[0].rstrip("/").upper().endswith(f"/{content[1]}"):
        sys.exit("NOT GENUINE: the address is that of another certificate")
    sys.exit(print("GENUINE", *content, sep="\n"))
sys.exit("NOT GENUINE: changed, not whole, or signed with another key")
