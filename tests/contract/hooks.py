"""What schemathesis cannot know of itself: how to read a key file."""

import csv
import io
import zipfile

import schemathesis


@schemathesis.deserializer("application/zip")
def key_file(_context, response):
    """Gives the file as text, once it is a whole ZIP with one row in its table."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        damaged = archive.testzip()
        names = archive.namelist()
        if damaged or names != ["credential.csv"]:
            raise ValueError(f"the key file holds {names}, damaged: {damaged}")
        rows = list(csv.DictReader(io.StringIO(archive.read(names[0]).decode("utf-8-sig"), newline="")))
    if len(rows) != 1:
        raise ValueError(f"the key file's table has {len(rows)} rows")
    return response.content.decode("latin-1")
