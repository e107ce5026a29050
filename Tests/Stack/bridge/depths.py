"""What SQS tells CloudWatch of each queue; every second, where SQS takes a minute."""

import threading


class Depths:
    def __init__(self, account, record):
        self._account = account
        self._record = record
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        self._stopping.set()
        self._thread.join()

    def _run(self):
        sqs = self._account.client("sqs")
        while not self._stopping.wait(1):
            for url in sqs.list_queues().get("QueueUrls", []):
                attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
                queue = {"QueueName": url.rsplit("/", 1)[1]}
                for metric, attribute in (
                    ("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessages"),
                    ("ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesNotVisible"),
                ):
                    self._record.metric("AWS/SQS", metric, queue, int(attributes[attribute]))
