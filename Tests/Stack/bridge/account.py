"""AWS's API, called as the account's administrator or with a session of a role."""

import threading

import boto3
from botocore.config import Config

ADMINISTRATOR = {"aws_access_key_id": "administrator", "aws_secret_access_key": "administrator"}


class Account:
    def __init__(self, url, region):
        self.url = url
        self.region = region
        self._clients = {}
        self._sessions = {}
        self._lock = threading.RLock()

    def client(self, service, role=None):
        """A client of a service; `role` is the ARN of the role whose session it signs with."""
        with self._lock:
            key = service, role
            if key not in self._clients:
                self._clients[key] = boto3.client(
                    service,
                    endpoint_url=self.url,
                    region_name=self.region,
                    config=Config(proxies={}, max_pool_connections=50, retries={"total_max_attempts": 2}),
                    **(self.credentials(role) if role else ADMINISTRATOR),
                )
            return self._clients[key]

    def credentials(self, role):
        """Those of a session of a role, as boto3 names them."""
        with self._lock:
            if role not in self._sessions:
                answer = self.client("sts").assume_role(RoleArn=role, RoleSessionName="lambda")["Credentials"]
                self._sessions[role] = {
                    "aws_access_key_id": answer["AccessKeyId"],
                    "aws_secret_access_key": answer["SecretAccessKey"],
                    "aws_session_token": answer["SessionToken"],
                }
            return self._sessions[role]


def queue_url(client, arn):
    return client.get_queue_url(QueueName=arn.rsplit(":", 1)[1])["QueueUrl"]
