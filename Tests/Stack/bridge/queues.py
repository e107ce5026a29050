"""Event source mappings: Lambda's pollers, which take messages from queues and hand them to functions."""

import json
import threading
import time

from botocore.exceptions import ClientError

from . import deployed
from .account import queue_url
from .environment import FunctionError
from .functions import Throttled


class Pollers:
    """For each mapping as many pollers as invocations may run at a time; each signs with the role of the function.

    - `retry_after`: seconds after which messages that weren't done are there again, in place of the queue's
      visibility timeout, which is of minutes.
    """

    def __init__(self, functions, retry_after=None):
        self._functions = functions
        self._account = functions.account
        self._record = functions.record
        self._retry_after = retry_after
        self._stopping = threading.Event()
        self._threads = {}
        self._watch = threading.Thread(target=self._run, daemon=True)
        self.failure = None
        self._watch.start()

    def stop(self):
        self._stopping.set()
        self._watch.join()
        for thread in self._threads.values():
            thread.join()

    def _run(self):
        """Starts the pollers of mappings that are new; those of mappings that are gone end by themselves."""
        aws = self._account.client("lambda")
        while not self._stopping.wait(0.5):
            for mapping in aws.list_event_source_mappings()["EventSourceMappings"]:
                # Five is what Lambda begins with.
                for number in range(mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 5)):
                    key = mapping["UUID"], number
                    if key not in self._threads:
                        self._threads[key] = threading.Thread(target=self._poll, args=(mapping["UUID"],), daemon=True)
                        self._threads[key].start()

    def _poll(self, uuid):
        try:
            while not self._stopping.is_set():
                mapping = self._mapping(uuid)
                if mapping is None:
                    return
                if (mapping.get("FilterCriteria") or {}).get("Filters"):
                    raise NotImplementedError(f"which messages {mapping['EventSourceArn']} filters out")
                if mapping["State"] == "Enabled":
                    self._take_batch(mapping)
                else:
                    self._stopping.wait(0.5)
        except Exception as error:
            self.failure = error
            self._record.event("failure", what="a poller ended", error=repr(error))
            raise

    def _mapping(self, uuid):
        try:
            return self._account.client("lambda").get_event_source_mapping(UUID=uuid)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return None

    def _take_batch(self, mapping):
        name, qualifier = deployed.split(mapping["FunctionArn"])
        function = self._account.client("lambda").get_function_configuration(FunctionName=name, Qualifier=qualifier)
        sqs = self._account.client("sqs", function["Role"])
        url = queue_url(self._account.client("sqs"), mapping["EventSourceArn"])
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        if int(attributes["VisibilityTimeout"]) < function["Timeout"]:
            raise ValueError(f"Lambda refuses a queue that hides messages for less than {name} may take: {url}")
        messages = self._receive(sqs, url, mapping)
        if not messages:
            return
        queue = mapping["EventSourceArn"].rsplit(":", 1)[1]
        self._record.event("batch", queue=queue, function=name, messages=[
            {
                "body": message["Body"],
                "sent": int(message["Attributes"]["SentTimestamp"]),
                "receives": int(message["Attributes"]["ApproximateReceiveCount"]),
            }
            for message in messages
        ])
        event = {"Records": [record(message, mapping["EventSourceArn"], self._account.region) for message in messages]}
        failed = {message["MessageId"] for message in messages}
        try:
            failed = failed_messages(self._functions.invoke(mapping["FunctionArn"], event), mapping, failed)
        except (FunctionError, Throttled):
            pass
        for message in messages:
            if message["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            elif self._retry_after is not None:
                # Not Lambda's to do, and nothing that the role may.
                self._account.client("sqs").change_message_visibility(
                    QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=self._retry_after
                )
        self._record.event("batch done", queue=queue, messages=len(messages), failed=len(failed))

    def _receive(self, sqs, url, mapping):
        """Messages until the batch is full or the window is over."""
        messages = []
        window = mapping.get("MaximumBatchingWindowInSeconds", 0)
        over = None
        while len(messages) < mapping["BatchSize"] and not self._stopping.is_set():
            answer = sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=min(10, mapping["BatchSize"] - len(messages)), WaitTimeSeconds=1,
                AttributeNames=["All"], MessageAttributeNames=["All"],
            )
            messages += answer.get("Messages", [])
            if not messages:
                return []
            over = over or time.monotonic() + window
            if time.monotonic() >= over:
                break
        return messages


def record(message, queue_arn, region):
    """A message as functions get it. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {
                "stringValue": value.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value["DataType"],
            }
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def failed_messages(answer, mapping, ids):
    """Which messages an answer leaves in the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
    """
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
        return set()
    try:
        failures = (json.loads(answer) or {}).get("batchItemFailures") or []
        failed = {failure["itemIdentifier"] for failure in failures}
    except (ValueError, TypeError, KeyError, AttributeError):
        return ids
    # One that isn't of the batch makes all of it fail.
    return failed if failed <= ids else ids
