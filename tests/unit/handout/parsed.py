"""A hand-out as a browser reads it."""

import base64
import json
import zlib
from html.parser import HTMLParser

import numpy as np


class Parsed(HTMLParser):
    """What a browser makes of the file: elements with their attributes, and the text of each script."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.scripts, self.text = [], [], []
        self.within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.within = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        if self.within == "script":
            self.scripts[-1] += data
        elif self.within != "style":
            self.text.append(data)

    @property
    def data(self):
        found = json.loads(self.scripts[1])
        return unpacked(found)


def unpacked(found):
    """The pieces put back, as unpack.js does."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(found["bytes"]), wbits=-15), np.uint8)
    raw = planes.reshape(4, -1).T.tobytes()

    def spread(part):
        if isinstance(part, list):
            return [spread(child) for child in part]
        if not isinstance(part, dict):
            return part
        if "#" in part:
            return base64.b64encode(raw[part["#"][0] : sum(part["#"])]).decode()
        return spread(found["shared"][part["$"]]) if "$" in part else {name: spread(child) for name, child in part.items()}

    return spread(found["value"])


def numbers(packed):
    return np.frombuffer(base64.b64decode(packed), "<f4")
