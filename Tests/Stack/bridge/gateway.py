"""API Gateway: takes requests for the stages of REST APIs, and hands those of their routes to functions.

The host of a request's URL tells the API (`ID.execute-api.REGION.amazonaws.com`); here all are at one port of this
machine, without TLS, and the header `Host` tells it.
"""

import base64
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from botocore.exceptions import ClientError

from .deployed import resource_policy
from .environment import FunctionError
from .functions import Throttled
from .permissions import allows
from .record import now

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
LARGEST_BODY = 10 << 20
LONGEST_INTEGRATION = 29


class Refusal(Exception):
    """What API Gateway answers by itself."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Gateway:
    def __init__(self, functions):
        self._functions = functions
        self._account = functions.account
        self._record = functions.record
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                gateway._answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request):
        began = now()
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        api = request.headers.get("Host", "").split(".")[0]
        dimensions = []
        refused = False
        try:
            status, headers, answer = self._call(api, request, body, dimensions)
        except Refusal as refusal:
            refused = True
            status, answer = refusal.status, json.dumps({"message": refusal.message}).encode()
            headers = [("Content-Type", "application/json")]
        request.send_response(status)
        for name, value in headers:
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)
        for each in dimensions:
            self._record.metric("AWS/ApiGateway", "Count", each, 1)
            self._record.metric("AWS/ApiGateway", "4XXError", each, int(400 <= status < 500))
            self._record.metric("AWS/ApiGateway", "5XXError", each, int(status >= 500))
            self._record.metric("AWS/ApiGateway", "Latency", each, now() - began, "Milliseconds")
        self._record.event(
            "request", time=began, method=request.command, path=urlsplit(request.path).path, status=status,
            refused=refused, milliseconds=now() - began,
        )

    def _call(self, api, request, body, dimensions):
        """Status, headers and body of the answer to a request."""
        url = urlsplit(request.path)
        _, stage_name, *steps = url.path.split("/")
        path = "/" + "/".join(steps)
        about, stage = self._stage(api, stage_name)
        dimensions += [{"ApiName": about["name"]}, {"ApiName": about["name"], "Stage": stage_name}]
        resource, method = self._route(api, path, request.command)
        if len(body) > LARGEST_BODY:
            raise Refusal(413, "Request Too Long")
        function = self._function(method["methodIntegration"], f"{api}/{stage_name}/{request.command}{path}")
        event = proxy_event(about, stage, function.split(":")[4], resource, path, request, url.query, body)
        began = time.monotonic()
        try:
            answer = self._functions.invoke(function, event)
        except Throttled:
            raise Refusal(500, "Internal server error") from None
        except FunctionError:
            raise Refusal(502, "Internal server error") from None
        if time.monotonic() - began > LONGEST_INTEGRATION:
            raise Refusal(504, "Endpoint request timed out")
        return response(answer)

    def _stage(self, api, name):
        """The API and its stage, if that has a deployment."""
        aws = self._account.client("apigateway")
        try:
            stage = aws.get_stage(restApiId=api, stageName=name)
            aws.get_deployment(restApiId=api, deploymentId=stage["deploymentId"])
            return aws.get_rest_api(restApiId=api), stage
        except ClientError:
            raise Refusal(403, "Forbidden") from None

    def _function(self, integration, route):
        """The ARN of the function behind a route, if it lets the route call it."""
        if integration["type"] != "AWS_PROXY" or integration["httpMethod"] != "POST":
            raise Refusal(500, "Internal server error")
        # arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations
        function = integration["uri"].split("/functions/")[1].rsplit("/", 1)[0]
        source = f"arn:aws:execute-api:{self._account.region}:{function.split(':')[4]}:{route}"
        policy = resource_policy(self._account, function)
        if not allows(policy, "apigateway.amazonaws.com", "lambda:InvokeFunction", source):
            raise Refusal(500, "Internal server error")
        return function

    def _route(self, api, path, verb):
        resources = self._account.client("apigateway").get_resources(restApiId=api, limit=500, embed=["methods"])
        for resource in resources["items"]:
            method = resource.get("resourceMethods", {}).get(verb)
            if resource["path"] == path and method and "methodIntegration" in method:
                if method["authorizationType"] != "NONE":
                    raise NotImplementedError("only routes without authorization are known here")
                return resource, method
        raise Refusal(403, "Missing Authentication Token")


def proxy_event(api, stage, account_id, resource, path, request, query, body):
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html"""
    headers = {}
    for name, value in request.headers.items():
        headers.setdefault(name, []).append(value)
    headers["X-Forwarded-For"] = [request.client_address[0]]
    headers["X-Forwarded-Port"] = ["443"]
    headers["X-Forwarded-Proto"] = ["https"]
    binary = request.headers.get_content_type() in api.get("binaryMediaTypes", [])
    parameters = parse_qs(query, keep_blank_values=True)
    return {
        "resource": resource["path"],
        "path": path,
        "httpMethod": request.command,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "pathParameters": None,
        "stageVariables": stage.get("variables") or None,
        "requestContext": {
            "resourceId": resource["id"],
            "resourcePath": resource["path"],
            "httpMethod": request.command,
            "path": f"/{stage['stageName']}{path}",
            "accountId": account_id,
            "protocol": request.request_version,
            "stage": stage["stageName"],
            "domainPrefix": api["id"],
            "domainName": request.headers["Host"],
            "requestId": str(uuid.uuid4()),
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
            "requestTimeEpoch": now(),
            "identity": {"sourceIp": request.client_address[0], "userAgent": request.headers.get("User-Agent")},
            "deploymentId": stage["deploymentId"],
            "apiId": api["id"],
        },
        "body": (base64.b64encode(body) if binary else body).decode("utf-8", "replace") or None,
        "isBase64Encoded": binary,
    }


def response(answer):
    """Status, headers and body of what a function answers."""
    try:
        answer = json.loads(answer)
        status = int(answer["statusCode"])
        headers = list((answer.get("headers") or {}).items())
        for name, values in (answer.get("multiValueHeaders") or {}).items():
            headers += [(name, value) for value in values]
        body = (answer.get("body") or "").encode()
        return status, headers, base64.b64decode(body) if answer.get("isBase64Encoded") else body
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refusal(502, "Internal server error") from None
