"""The zips that were deployed, read back from S3."""

import base64
import hashlib
import os
import threading
import zipfile


class Artifacts:
    """moto doesn't tell where a function's zip is, only its SHA-256: every object of every bucket is looked at."""

    def __init__(self, account, folder):
        self._account = account
        self._folder = folder
        self._lock = threading.Lock()
        self._seen = set()
        self._files = {}

    def file(self, code_sha256):
        """The file whose SHA-256 AWS tells, in base64."""
        with self._lock:
            if code_sha256 not in self._files:
                self._read_new_objects()
            if code_sha256 not in self._files:
                raise LookupError(f"no object in S3 has the SHA-256 {code_sha256} that Lambda tells of its code")
            return self._files[code_sha256]

    def layers(self, code_sha256s):
        """Layers as one: of a file that several have, the last counts, as in /opt."""
        if len(code_sha256s) == 1:
            return self.file(code_sha256s[0])
        contents = {}
        for code_sha256 in code_sha256s:
            with zipfile.ZipFile(self.file(code_sha256)) as layer:
                for entry in layer.infolist():
                    contents[entry.filename] = entry, layer.read(entry)
        path = os.path.join(self._folder, "layers-%s.zip" % hashlib.sha256("".join(code_sha256s).encode()).hexdigest())
        with zipfile.ZipFile(path, "w") as merged:
            for entry, content in contents.values():
                merged.writestr(entry, content)
        return path

    def _read_new_objects(self):
        s3 = self._account.client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            for version in s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", []):
                place = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
                if tuple(place.values()) in self._seen:
                    continue
                content = s3.get_object(**place)["Body"].read()
                digest = hashlib.sha256(content)
                path = os.path.join(self._folder, digest.hexdigest() + ".zip")
                with open(path, "wb") as file:
                    file.write(content)
                self._files[base64.b64encode(digest.digest()).decode()] = path
                self._seen.add(tuple(place.values()))
