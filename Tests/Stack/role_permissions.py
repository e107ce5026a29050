"""For moto-server: what comes with a session of a role is asked for that role's permissions, resource by resource.

Who comes without a session's token is the account's administrator: Terraform, a person, the bridge.
"""

import json
import os

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMRequestBase
from moto.logs.responses import LogsResponse
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sns.responses import SNSResponse

authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action


def authorize_sessions(response, request, resource="*"):
    if "X-Amz-Security-Token" in response.headers:
        authorize(response, request, resource)


def trusts_lambda(request, role_arn):
    """Whether Lambda may take on a role: the bridge does it in its place. moto asks for users and roles only."""
    document = json.loads(request.backend.get_role_by_arn(role_arn).assume_role_policy_document)
    return any(
        statement["Effect"] == "Allow"
        and "sts:AssumeRole" in listed(statement["Action"])
        and "lambda.amazonaws.com" in listed(statement["Principal"].get("Service"))
        for statement in listed(document["Statement"])
    )


def log_stream(response):
    group, stream = response._get_param("logGroupName"), response._get_param("logStreamName")
    return f"arn:aws:logs:{response.region}:{response.current_account}:log-group:{group}:log-stream:{stream}"


def listed(value):
    return value if isinstance(value, list) else [value]


ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize_sessions
IAMRequestBase._check_role_trust_relationship = trusts_lambda
# Of these services moto doesn't look at which resource a call is about: a policy that names one would allow nothing.
SecretsManagerResponse._determine_resource = lambda response: response._get_param("SecretId") or "*"
SNSResponse._determine_resource = lambda response: response._get_param("TopicArn") or "*"
LogsResponse._determine_resource = log_stream
