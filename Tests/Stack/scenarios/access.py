"""Who isn't let in."""

import http.client
import json
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from bridge.deployed import resource_policy, split


def wiring(stack, scene):
    """Who isn't let in"""
    scene.holds("every rule may send to its targets", stack.bridge.rules.shut_out(), [])
    host, path = urlsplit(stack.outputs["webhook_url"])[1:3]
    stage = path.split("/")[1]
    for what, method, to, url, expected in (
        ("a route that isn't there", "POST", host, f"/{stage}/else", (403, "Missing Authentication Token")),
        ("another method", "GET", host, path, (403, "Missing Authentication Token")),
        ("a stage that isn't there", "POST", host, path.replace(stage, "else"), (403, "Forbidden")),
        ("an API that isn't there", "POST", f"x{host}", path, (403, "Forbidden")),
        ("a webhook without a signature", "POST", host, path, 
         (401, "the X-Hub-Signature-256 header is missing: set the webhook's secret on GitHub")),
    ):
        scene.holds(f"{what}: {expected[0]}", request(stack, method, to, url), expected)
    roles = stack.outputs["role_arns"]
    secrets = stack.outputs["secret_arns"]
    queues = stack.outputs["queue_urls"]
    for what, role, service, call, parameters in (
        ("skills-to-git can't read the webhook's secret", "skills-to-git", "secretsmanager", "get_secret_value",
         {"SecretId": secrets["webhook-secret"]}),
        ("skills-to-git can't take webhooks", "skills-to-git", "sqs", "receive_message",
         {"QueueUrl": queues["webhooks"]}),
        ("git-to-skills can't take events", "git-to-skills", "sqs", "receive_message", {"QueueUrl": queues["events"]}),
        ("git-to-skills can't change a secret", "git-to-skills", "secretsmanager", "put_secret_value",
         {"SecretId": secrets["github-token"], "SecretString": "another"}),
    ):
        client = stack.account.client(service, roles[role])
        scene.holds(what, status_of(getattr(client, call), **parameters), 403)


def permissions_that_are_gone(stack, scene):
    """Who isn't let in once a permission is taken away"""
    host, path = urlsplit(stack.outputs["webhook_url"])[1:3]
    alias = stack.outputs["alias_arns"]["git-to-skills"]
    function = dict(zip(("FunctionName", "Qualifier"), split(alias)))
    policy = json.loads(resource_policy(stack.account, alias))
    statement = next(each for each in policy["Statement"] if each["Principal"]["Service"] == "apigateway.amazonaws.com")
    aws = stack.account.client("lambda")
    aws.remove_permission(StatementId=statement["Sid"], **function)
    scene.holds("API Gateway can't invoke the function", request(stack, "POST", host, path)[0], 500)
    aws.add_permission(
        StatementId=statement["Sid"], Action=statement["Action"], Principal=statement["Principal"]["Service"],
        SourceArn=statement["Condition"]["ArnLike"]["AWS:SourceArn"], **function
    )
    scene.holds("with it, it can", request(stack, "POST", host, path)[0], 401)

    sqs = stack.account.client("sqs")
    queue = stack.outputs["queue_urls"]["events"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})
    shut_out = stack.bridge.rules.shut_out()
    scene.holds("the rules can't send to the queue of events", [
        each.endswith(f":{queue.rsplit('/', 1)[1]}") for each in shut_out
    ], [True, True])
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)
    scene.holds("with its policy, they can", stack.bridge.rules.shut_out(), [])

    queue = stack.outputs["dead_letter_queue_urls"]["targets"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})
    scene.holds("no rule can put aside what its target doesn't take", {
        each.rsplit(":", 1)[1] for each in stack.bridge.rules.shut_out()
    }, {queue.rsplit("/", 1)[1]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)
    scene.holds("with the policy of that queue, all can", stack.bridge.rules.shut_out(), [])


def request(stack, method, host, path):
    """Status and message of an HTTP request for API Gateway."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.bridge.gateway.port, timeout=30)
    connection.request(method, path, body="{}", headers={"Host": host, "X-GitHub-Event": "push"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())["message"]


def status_of(call, **parameters):
    """AWS's status for a call."""
    try:
        return call(**parameters)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
