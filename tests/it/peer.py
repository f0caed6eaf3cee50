#!/usr/bin/env python3
"""A trust repository by python-tuf, the reference implementation, and its client on the program's own.

usage: peer.py build FOLDER
Writes FOLDER/root.json (the trust anchor, two of three keys), and repositories: FOLDER/first; FOLDER/second, of which a later
root took a stolen root key and the publishing key out; FOLDER/undersigned, whose later root one key signed; FOLDER/reaching,
whose delegated role has a list beyond its paths; FOLDER/missing, which lacks a list. FOLDER/cases.json has texts of passes
and what has to be said of them with the first and the second repository.

usage: peer.py read ROOT REPOSITORY
Runs python-tuf's client from a trusted root and prints the versions that it ends with and the SHA-256 of every target.
"""

import copy, json, sys, tempfile
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import (DelegatedRole, Delegations, Key, Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp)
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from mj1 import *

EXPIRES = datetime(2036, 11, 24, tzinfo=timezone.utc)
MIRAE = Ed25519("mirae", "mirae")
ALL = ["entry", "adult", "store"]


def trusted(key, uris):
    return {"kid": key.kid.hex(), "public_key": key.public.hex(), "issuer": key.issuer, "kinds": ["live", "printed", "status"],
            "services": ALL, "first_issue_day": 20454, "last_issue_day": 21183, "verify_until": 1861887600, "status_uris": uris}


class Publisher:
    """Root with two of three keys; the independent issuer Mirae publishes its own list under a delegated role."""

    def __init__(self):
        self.roots = [CryptoSigner.generate_ed25519() for _ in range(3)]
        self.online, self.mirae = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
        self.root = Root(consistent_snapshot=False, expires=EXPIRES)
        for signer in self.roots:
            self.root.add_key(signer.public_key, "root")
        self.root.roles["root"].threshold = 2
        for role in ["targets", "snapshot", "timestamp"]:
            self.root.add_key(self.online.public_key, role)
        self.chain, self.version = [self.signed(self.root, self.roots[:2])], 0

    @staticmethod
    def signed(content, signers):
        metadata = Metadata(copy.deepcopy(content))
        for signer in signers:
            metadata.sign(signer, append=True)
        return metadata.to_bytes()

    def next_root(self, change, signers):
        change(self.root)
        self.root.version += 1
        self.chain.append(self.signed(self.root, signers))

    def publish(self, folder, own, delegated, issuers):
        """`own` and `delegated`: lists by URI, of the top-level role and of Mirae's."""
        self.version += 1

        def write(name, content):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

        def add(role, name, content):
            write(f"targets/{name}", content)
            role.targets[name] = TargetFile.from_data(name, content, ["sha256"])

        def target(uri):
            return f"status/{uri.replace(':', '_')}.cwt"

        targets, mirae = Targets(self.version, expires=EXPIRES), Targets(self.version, expires=EXPIRES)
        add(targets, "issuers.json", json.dumps(issuers, ensure_ascii=False).encode())
        for uri, token in own.items():
            add(targets, target(uri), token)
        for uri, token in delegated.items():
            add(mirae, target(uri), token)
        role = DelegatedRole("mirae", [self.mirae.public_key.keyid], 1, True, paths=["status/m_*.cwt"])
        targets.delegations = Delegations({self.mirae.public_key.keyid: self.mirae.public_key}, {"mirae": role})
        snapshot = Snapshot(self.version, expires=EXPIRES)
        snapshot.meta = {"targets.json": MetaFile(self.version), "mirae.json": MetaFile(self.version)}
        timestamp = Timestamp(self.version, expires=EXPIRES, snapshot_meta=MetaFile(self.version))
        for name, content, signer in [("targets", targets, self.online), ("mirae", mirae, self.mirae),
                                      ("snapshot", snapshot, self.online), ("timestamp", timestamp, self.online)]:
            write(f"metadata/{name}.json", self.signed(content, [signer]))
        for version, root in enumerate(self.chain, 1):
            write(f"metadata/{version}.root.json", root)
        write("metadata/root.json", self.chain[-1])


def build(folder):
    folder.mkdir(parents=True, exist_ok=True)
    publisher = Publisher()
    (folder / "root.json").write_bytes(publisher.chain[0])
    issuers = {"hanbit": {"name": {"ko": "한빛", "en": "Hanbit"}}, "mirae": {"name": {"ko": "미래"}}}
    keys = [trusted(HANBIT, ["k:3.12"]), trusted(MIRAE, ["m:1"])]

    def lists(hanbit, mirae, iat):
        announced, tokens = zip(status_list("k:3.12", 1, 1 << 20, hanbit, iat=iat),
                                status_list("m:1", 2, 1 << 20, mirae, key=MIRAE, iat=iat))
        return {"format": 1, "issuers": issuers, "keys": keys, "lists": announced}, *tokens

    file, hanbit, mirae = lists({7: 1}, {7: 2}, LISTED)
    publisher.publish(folder / "first", {"k:3.12": hanbit}, {"m:1": mirae}, file)
    publisher.publish(folder / "reaching", {}, {"k:3.12": hanbit, "m:1": mirae}, file)
    publisher.publish(folder / "missing", {"k:3.12": hanbit}, {}, file)

    file, hanbit, mirae = lists({7: 1, 8: 1}, {7: 1, 8: 2}, LISTED + 60)
    publisher.next_root(lambda root: None, publisher.roots[:1])
    publisher.publish(folder / "undersigned", {"k:3.12": hanbit}, {"m:1": mirae}, file)
    publisher.chain.pop()
    publisher.root.version -= 1

    stolen, new_root, new_online = publisher.roots[0], CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
    old_online = publisher.online

    def without_stolen(root):
        root.revoke_key(stolen.public_key.keyid, "root")
        root.add_key(new_root.public_key, "root")

    def other_online(root):
        for role in ["targets", "snapshot", "timestamp"]:
            root.revoke_key(old_online.public_key.keyid, role)
            root.add_key(new_online.public_key, role)

    # Two of the old three sign, and two of the new three: the two that stay are enough for both.
    publisher.next_root(without_stolen, publisher.roots[1:])
    publisher.next_root(other_online, [publisher.roots[2], new_root])
    publisher.online = new_online
    publisher.publish(folder / "second", {"k:3.12": hanbit}, {"m:1": mirae}, file)

    cases = []
    for key, uri, states in [(HANBIT, "k:3.12", ["revoked", "revoked"]), (MIRAE, "m:1", ["suspended", "suspended"])]:
        for idx, first, second in [(5, "granted", "granted"), (7, states[0], "revoked"), (8, "granted", states[1])]:
            shown = printed(key=key, claims={65535: status(idx, uri)})
            cases.append({"name": f"{uri} {idx}", "text": shown.text, "issuer": key.issuer, "first": first, "second": second})
    other = printed(key=MIRAE, claims={65535: status(5)})
    cases.append({"name": "another's list", "text": other.text, "issuer": "mirae", "first": "status_unknown", "second": "status_unknown"})
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")


class FromFolder(FetcherInterface):
    """A web server, as far as the client knows."""

    def __init__(self, folder):
        self.folder = folder

    def _fetch(self, url):
        path = self.folder / url.removeprefix("folder:/")
        if not path.is_file():
            raise DownloadHTTPError(f"{url} is not there", 404)
        yield path.read_bytes()


def read(root, repository):
    with tempfile.TemporaryDirectory() as scratch:
        metadata, targets = Path(scratch, "metadata"), Path(scratch, "targets")
        metadata.mkdir()
        targets.mkdir()
        updater = Updater(str(metadata), "folder:/metadata/", str(targets), "folder:/targets/",
                          fetcher=FromFolder(repository), bootstrap=root.read_bytes())
        updater.refresh()

        def got(name):
            return Path(updater.download_target(updater.get_targetinfo(name))).read_bytes()

        issuers = got("issuers.json")
        names = ["issuers.json"]
        names += [f"status/{announced['uri'].replace(':', '_')}.cwt" for announced in json.loads(issuers)["lists"]]
        versions = {name: Metadata.from_file(str(metadata / f"{name}.json")).signed.version
                    for name in ["root", "timestamp", "snapshot", "targets"]}
        print(json.dumps({"versions": versions, "targets": {name: sha256(got(name)).hexdigest() for name in names}}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", folder]: build(Path(folder))
        case ["read", root, repository]: read(Path(root), Path(repository))
        case _: sys.exit(__doc__)
