"""What schemathesis cannot know of itself: how to read a key file, which keys there must be, and who may sign in."""

import copy
import csv
import io
import zipfile
from urllib.parse import parse_qs, urlsplit

import schemathesis

# The user of the service, as in world.js.
USER = {"name": "IAMUser", "password": "IAMPassword", "domain": {"name": "IAMDomain"}}
SIGN_IN = {
    "auth": {
        "identity": {"methods": ["password"], "password": {"user": USER}},
        "scope": {"project": {"name": "ap-southeast-3"}},
    },
}
# How many sign-ins the description has of those that were asked.
ASKED = {"described": 0}

# The keys of the service, the newest last: descriptions by id. It begins with none, and nobody else asks it.
KEYS = {}


def row_of(content):
    """Gives the one row of a key file's table."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None, "the key file is damaged"
        assert archive.namelist() == ["credential.csv"], f"the key file holds {archive.namelist()}"
        table = io.StringIO(archive.read("credential.csv").decode("utf-8-sig"), newline="")
    [row] = csv.DictReader(table)
    return row


@schemathesis.deserializer("application/zip")
def key_file(_context, response):
    """Gives the file as text, once it is a whole ZIP with one row in its table."""
    row_of(response.content)
    return response.content.decode("latin-1")


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Makes every other described sign-in the user's, and lets none of the rest lock that user."""
    if case.operation.path != "/v3/auth/tokens" or case.method.upper() != "POST":
        return
    if case.meta is not None and case.meta.generation.mode.is_positive:
        ASKED["described"] += 1
        if ASKED["described"] % 2 == 1:
            case.body = copy.deepcopy(SIGN_IN)
            return
    try:
        user = case.body["auth"]["identity"]["password"]["user"]
        if user["name"] == USER["name"] and case.body != SIGN_IN:
            user["name"] = "another"
    except (KeyError, TypeError):
        # It is no sign-in, which locks nobody.
        pass


@schemathesis.check
def keys_are_those_that_were_made(_context, response, _case):
    """Lists and deletes must know each key that was made and not deleted, and no other."""
    url = urlsplit(response.request.url)
    if not url.path.startswith("/v1/"):
        return
    last = url.path.rsplit("/", 1)[-1]
    method, status = response.request.method, response.status_code
    if (method, status) == ("POST", 200):
        row = row_of(response.content)
        assert row["credential_id"] not in KEYS, "an id is there twice"
        KEYS[row["credential_id"]] = row["description"]
    elif (method, status) == ("DELETE", 200):
        assert KEYS.pop(last, None) is not None, "a key was deleted that does not exist"
    elif (method, status) == ("DELETE", 404):
        assert last not in KEYS, "a key that exists was not found"
    elif (method, status) == ("GET", 200):
        query = parse_qs(url.query)
        offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
        body = response.json()
        listed = [(key["id"], key.get("description", "")) for key in body["credentials"]]
        assert listed == list(reversed(KEYS.items()))[offset : offset + limit], "the list has other keys"
        assert body["count"] == len(KEYS), f"the count is {body['count']}, of {len(KEYS)} keys"
