"""What the bridge decides by itself. Run by `e2e`, before anything is applied."""

import json
import os
import tempfile
import unittest
import zipfile

from bridge.artifacts import Artifacts
from bridge.gateway import Refusal, response
from bridge.permissions import allows
from bridge.queues import failed_messages, record
from bridge.record import Record
from bridge.rules import matches

ROUTE = "arn:aws:execute-api:eu-central-1:123456789012:api/live/POST/github-webhook"


def policy(**changes):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Condition": {"ArnLike": {"AWS:SourceArn": ROUTE}},
    }
    return json.dumps({"Statement": [{**statement, **changes}]})


class Permissions(unittest.TestCase):
    def allows(self, document):
        return allows(document, "apigateway.amazonaws.com", "lambda:InvokeFunction", ROUTE)

    def test_what_is_allowed(self):
        for document in (
            policy(),
            policy(Action=["lambda:GetFunction", "lambda:Invoke*"]),
            policy(Condition={}),
            policy(Condition={"ArnLike": {"AWS:SourceArn": ROUTE.replace("/live/", "/*/")}}),
            policy(Condition={"ArnEquals": {"aws:SourceArn": ["arn:aws:events:::rule/x", ROUTE]}}),
            policy(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}),
        ):
            self.assertTrue(self.allows(document), document)

    def test_what_is_not(self):
        for document in (
            '{"Statement": []}',
            policy(Principal={"Service": "events.amazonaws.com"}),
            policy(Action="lambda:GetFunction"),
            policy(Condition={"ArnLike": {"AWS:SourceArn": ROUTE.replace("POST", "GET")}}),
            policy(Condition={"StringEquals": {"AWS:SourceArn": ROUTE.replace("POST", "*")}}),
            policy(Condition={"StringEquals": {"AWS:SourceAccount": "210987654321"}}),
            policy(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-0123456789"}}),
        ):
            self.assertFalse(self.allows(document), document)

    def test_what_is_denied_nobody_knows(self):
        with self.assertRaises(NotImplementedError):
            self.allows(policy(Effect="Deny"))


class Batches(unittest.TestCase):
    def failed(self, answer, *types):
        return failed_messages(answer.encode(), {"FunctionResponseTypes": list(types)}, {"a", "b"})

    def test_which_messages_failed(self):
        for answer, failed in (
            ('{"batchItemFailures": []}', set()),
            ('{"batchItemFailures": null}', set()),
            ("{}", set()),
            ("null", set()),
            ('{"batchItemFailures": [{"itemIdentifier": "b"}]}', {"b"}),
            ('{"batchItemFailures": [{"itemIdentifier": "c"}]}', {"a", "b"}),
            ('{"batchItemFailures": [{"itemIdentifier": ""}]}', {"a", "b"}),
            ('{"batchItemFailures": [{}]}', {"a", "b"}),
            ("no JSON", {"a", "b"}),
        ):
            self.assertEqual(self.failed(answer, "ReportBatchItemFailures"), failed, answer)

    def test_where_nothing_is_reported_all_are_done(self):
        self.assertEqual(self.failed('{"batchItemFailures": [{"itemIdentifier": "b"}]}'), set())

    def test_a_record_has_what_lambda_says(self):
        message = {"MessageId": "a", "ReceiptHandle": "handle", "Body": "{}", "Attributes": {}, "MD5OfBody": "md5"}
        self.assertEqual(set(record(message, "arn:aws:sqs:eu-central-1:1:queue", "eu-central-1")), {
            "messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody", "eventSource",
            "eventSourceARN", "awsRegion",
        })


class Patterns(unittest.TestCase):
    def test_an_event_has_one_of_the_values_of_each_field(self):
        pattern = {"source": ["x", "y"], "detail": {"kind": ["a"]}}
        for event, expected in (
            ({"source": "y", "detail": {"kind": "a"}}, True),
            ({"source": "y", "detail": {"kind": ["b", "a"]}}, True),
            ({"source": "z", "detail": {"kind": "a"}}, False),
            ({"source": "y", "detail": {"kind": "b"}}, False),
            ({"source": "y"}, False),
        ):
            self.assertEqual(matches(pattern, event), expected, event)


class Answers(unittest.TestCase):
    def test_what_a_function_answers_over_http(self):
        answer = {"statusCode": 202, "headers": {"a": "b"}, "multiValueHeaders": {"c": ["d", "e"]}, "body": "text"}
        expected = 202, [("a", "b"), ("c", "d"), ("c", "e")], b"text"
        self.assertEqual(response(json.dumps(answer)), expected)
        self.assertEqual(response('{"statusCode": 200, "body": "AAE=", "isBase64Encoded": true}')[2], b"\0\1")

    def test_what_is_none(self):
        for answer in "null", "[]", "{}", '{"statusCode": "none"}', "text":
            with self.assertRaises(Refusal, msg=answer):
                response(answer)


class Metrics(unittest.TestCase):
    def test_the_embedded_format(self):
        kept = Record(os.devnull)
        self.addCleanup(kept.close)
        for line in "START", "{}", '{"_aws": 1}', '"_aws"':
            kept.embedded_metrics(line)
        kept.embedded_metrics(json.dumps({
            "_aws": {"Timestamp": 7, "CloudWatchMetrics": [
                {"Namespace": "N", "Dimensions": [["F"], []], "Metrics": [{"Name": "M", "Unit": "Count"}]},
            ]},
            "F": "f", "M": [1, 2],
        }))
        common = {"time": 7, "metric": "M", "namespace": "N", "unit": "Count"}
        self.assertEqual(kept.entries(), [
            {**common, "dimensions": dimensions, "value": value} for dimensions in ({"F": "f"}, {}) for value in (1, 2)
        ])


class Layers(unittest.TestCase):
    def test_of_a_file_that_several_have_the_last_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            artifacts = Artifacts(None, folder)
            for name, files in (("first", {"a": "1", "b": "1"}), ("second", {"b": "2"})):
                path = os.path.join(folder, name)
                with zipfile.ZipFile(path, "w") as zipped:
                    for file, text in files.items():
                        zipped.writestr(file, text)
                artifacts._files[name] = path
            with zipfile.ZipFile(artifacts.layers(["first", "second"])) as merged:
                self.assertEqual({name: merged.read(name) for name in merged.namelist()}, {"a": b"1", "b": b"2"})


unittest.main()
