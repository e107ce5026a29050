"""What has to be true of a plan of the stack, as `terraform show -json` prints it: a plan after an apply, so that every
value is known. A rule is a function that yields what is wrong.
"""

import json
import pathlib
import re

from bridge.permissions import allows

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What is put where secrets are, by whoever makes the plan.
PLANTED = "planted-5e0d9c41"

# Statements that may have a wildcard, with the reason.
ANY_RESOURCE = {
    "ConnectToVPC": "Lambda makes network interfaces with the role's rights, and takes them for all resources only",
    "Account": "the policy of a key, where * is that key",
    "EncryptAlarms": "the policy of a key, where * is that key",
}
ANY_ACTION = {
    "Account": "else nobody could change the key's policy any more: AWS's own default",
}

# Rules that let somebody in, with the reason. Each may name one security group, never addresses.
INGRESS = {
    "efs": "NFS from the functions to the file system, which is no part of the module",
    "endpoints": "HTTPS from the functions to the VPC's endpoints, where they were asked for",
}

# Policies of AWS, with the reason.
MANAGED_POLICIES = {
    "AmazonAPIGatewayPushToCloudWatchLogs": "API Gateway's role for logs is one for the account, for all its APIs",
}

# What is encrypted whatever we say, so that a key of AWS's is enough.
ENCRYPTED_BY_AWS = {
    "aws_cloudwatch_log_group": "CloudWatch encrypts all logs",
    "aws_lambda_event_source_mapping": "its filter criteria, of which there are none",
    "aws_lambda_function": "Lambda encrypts code and environment, which has no secrets",
    "aws_secretsmanager_secret": "Secrets Manager encrypts all values",
    "aws_s3_object": "by the bucket's default",
}

# What AWS itself measures, of what the stack uses.
AWS_METRICS = {
    "AWS/Lambda": {"Errors", "Throttles", "Invocations"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible"},
    "AWS/ApiGateway": {"5XXError"},
}

# What each namespace says by whom a metric is.
DIMENSIONS = {
    "GitBackedSkills": "Function",
    "AWS/Lambda": "FunctionName",
    "AWS/SQS": "QueueName",
    "AWS/ApiGateway": "ApiName",
}


def read(path):
    return (ROOT / path).read_text()


class Plan:
    def __init__(self, plan):
        self.text = json.dumps(plan)
        self.resources = list(self.walk(plan["planned_values"]["root_module"]))

    def walk(self, module):
        yield from (resource for resource in module.get("resources", []) if resource["mode"] == "managed")
        for child in module.get("child_modules", []):
            yield from self.walk(child)

    def of(self, kind):
        return [resource for resource in self.resources if resource["type"] == kind]

    def values(self, kind):
        return [resource["values"] for resource in self.of(kind)]


def statements(plan):
    """Each statement of each policy, with the address of what has it."""
    for resource in plan.resources:
        for value in resource["values"].values():
            if isinstance(value, str) and '"Statement"' in value:
                found = json.loads(value)["Statement"]
                for statement in found if isinstance(found, list) else [found]:
                    yield resource["address"], statement


def as_list(value):
    return value if isinstance(value, list) else [value]


def settings():
    """The names of docs/settings.md's table, and which of them are secrets."""
    text = read("docs/settings.md")
    names = re.findall(r"`([A-Z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.M)))
    return set(names), set(re.findall(r"`(\w+)`", re.search(r"a secret \((.*?)\)", text)[1]))


def settings_can_be_set(plan):
    names, secrets = settings()
    variable = re.search(r"in keys\(var.settings\) : contains\(\[(.*?)\]", read("Terraform/variables.tf"), re.S)
    allowed = set(re.findall(r'"(\w+)"', variable[1])) - {"https_proxy", "no_proxy"}
    set_here = set(re.findall(r"\b([A-Z]+_[A-Z_]+) += ", read("Terraform/functions.tf")))
    # Of an ARN, the previous version of the secret is valid by itself.
    for name in sorted(names - allowed - set_here - {"GITHUB_WEBHOOK_SECRET_PREVIOUS"}):
        yield f"nobody can set {name}"
    for name in sorted(allowed & (set_here | secrets) | allowed - names):
        yield f"Terraform's variable settings takes {name}"


def no_secret(plan):
    if PLANTED in plan.text:
        yield "a secret's value is in it"
    for resource in plan.resources:
        if resource["type"] in ("aws_secretsmanager_secret_version", "aws_ssm_parameter"):
            yield f"{resource['address']} would have a secret's value in the state"
    names, secrets = settings()
    names |= {"https_proxy", "no_proxy"}
    for function in plan.values("aws_lambda_function"):
        for name, value in function["environment"][0]["variables"].items():
            if name not in names:
                yield f"{function['function_name']}: docs/settings.md has no {name}"
            if name in secrets and not re.match(r"arn:aws[a-z-]*:secretsmanager:", value):
                yield f"{function['function_name']}: {name} isn't the ARN of a secret"


def least_rights(plan):
    for address, statement in statements(plan):
        sid, actions = statement.get("Sid"), as_list(statement.get("Action", []))
        if not sid:
            yield f"{address}: a statement without a name"
        if statement["Effect"] != "Allow":
            continue
        if any("*" in action for action in actions) and sid not in ANY_ACTION or not actions:
            yield f"{address}: {sid} allows {actions}"
        if "*" in as_list(statement.get("Resource", [])) and sid not in ANY_RESOURCE:
            yield f"{address}: {sid} is for all resources"
        if statement.get("Principal") in ("*", {"AWS": "*"}):
            yield f"{address}: {sid} is for everybody"
    for attachment in plan.values("aws_iam_role_policy_attachment"):
        if attachment["policy_arn"].split("/")[-1] not in MANAGED_POLICIES:
            yield f"{attachment['role']} has {attachment['policy_arn']}"
    for permission in plan.of("aws_lambda_permission"):
        if not permission["values"]["source_arn"] or not permission["values"]["qualifier"]:
            yield f"{permission['address']} isn't for one caller and the alias"
    roles = [function["role"] for function in plan.values("aws_lambda_function")]
    if len(set(roles)) != len(roles):
        yield "functions share a role"


def nobody_gets_in(plan):
    functions = [group["values"] for group in plan.of("aws_security_group") if group["name"] == "functions"]
    for rule in plan.of("aws_vpc_security_group_ingress_rule"):
        to, by = rule["values"]["security_group_id"], rule["values"]["referenced_security_group_id"]
        if rule["name"] not in INGRESS or not by or to in [group["id"] for group in functions]:
            yield f"{rule['address']} lets somebody in"
    if len(functions) != 1 or functions[0]["ingress"]:
        yield "the functions' group lets somebody in"
    if plan.of("aws_security_group_rule"):
        yield "aws_security_group_rule: rules are each a resource of its own kind here"


def nothing_gets_out_but(plan):
    for rule in plan.of("aws_vpc_security_group_egress_rule"):
        values = rule["values"]
        ports = (values["ip_protocol"], values["from_port"], values["to_port"])
        to = values["cidr_ipv4"] or values["referenced_security_group_id"]
        anywhere = to == "0.0.0.0/0" or values["cidr_ipv6"]
        if ports not in {("tcp", 443, 443), ("tcp", 5432, 5432), ("tcp", 2049, 2049), ("tcp", 53, 53), ("udp", 53, 53)}:
            yield f"{rule['address']} is for {ports}"
        if anywhere and ports != ("tcp", 443, 443):
            yield f"{rule['address']} is to anywhere"


def encrypted(plan):
    for resource in plan.resources:
        kind, values = resource["type"], resource["values"]
        if kind == "aws_sqs_queue":
            good = values["sqs_managed_sse_enabled"]
        elif kind == "aws_sns_topic":
            good = any(values["kms_master_key_id"] == key["arn"] for key in plan.values("aws_kms_key"))
        elif kind == "aws_efs_file_system":
            good = values["encrypted"]
        elif kind == "aws_s3_bucket":
            good = all(
                any(other["bucket"] == values["id"] and right(other) for other in plan.values(kind + "_" + part))
                for part, right in {
                    "server_side_encryption_configuration": lambda other: other["rule"],
                    "versioning": lambda other: other["versioning_configuration"][0]["status"] == "Enabled",
                    "public_access_block": lambda other: other["block_public_policy"],
                    "policy": lambda other: "aws:SecureTransport" in other["policy"],
                }.items()
            )
        else:
            # Whatever else could be, by its attributes' names.
            good = kind in ENCRYPTED_BY_AWS or not any(re.search(r"kms|encrypt|(^|_)sse(_|$)", name) for name in values)
        if not good:
            yield f"{resource['address']} isn't encrypted"


def metrics_are_the_codes(plan):
    source = read("Sources/SkillsCore/Signals/Metric.swift")
    ours = set(re.findall(r'case \w+ = "(\w+)"', source.split("enum Unit")[0]))
    namespace = re.search(r'namespace = "(\w+)"', read("Sources/SkillsCore/Signals/MetricDocument.swift"))[1]
    there = {
        "Function": {function["function_name"] for function in plan.values("aws_lambda_function")},
        "QueueName": {queue["name"] for queue in plan.values("aws_sqs_queue")},
        "ApiName": {api["name"] for api in plan.values("aws_api_gateway_rest_api")},
    }
    there["FunctionName"] = there["Function"]
    used = []
    for alarm in plan.values("aws_cloudwatch_metric_alarm"):
        parts = [query["metric"][0] for query in alarm["metric_query"] if query["metric"]] or [alarm]
        used += [(part["namespace"], part["metric_name"], part["dimensions"]) for part in parts]
    for dashboard in plan.values("aws_cloudwatch_dashboard"):
        for widget in json.loads(dashboard["dashboard_body"])["widgets"]:
            for metric in widget["properties"].get("metrics", []):
                if "expression" in metric[0]:
                    for name in re.findall(r'MetricName="(\w+)"', metric[0]["expression"]):
                        used.append((namespace, name, {}))
                else:
                    used.append((metric[0], metric[1], {metric[2]: metric[3]}))
    if len(used) < 20:
        yield f"only {len(used)} metrics were found"
    for where, name, dimensions in used:
        if name not in (ours if where == namespace else AWS_METRICS.get(where, ())):
            yield f"nobody writes {where} {name}"
        for dimension, value in (dimensions or {}).items():
            if dimension != DIMENSIONS.get(where):
                yield f"{where} {name} has no dimension {dimension}"
            elif value not in there[dimension]:
                yield f"{where} {name} is of {value}, which isn't there"


def alarms_are_heard(plan):
    topics = {topic["arn"]: topic["kms_master_key_id"] for topic in plan.values("aws_sns_topic")}
    topic_policies = {policy["arn"]: policy["policy"] for policy in plan.values("aws_sns_topic_policy")}
    key_policies = {key["arn"]: key["policy"] for key in plan.values("aws_kms_key")}
    nothing = '{"Statement": []}'
    for alarm in plan.values("aws_cloudwatch_metric_alarm"):
        if not alarm["alarm_actions"]:
            yield f"{alarm['alarm_name']} tells nobody"
        for topic in alarm["alarm_actions"] or []:
            for action, policy in (
                ("sns:Publish", topic_policies.get(topic, nothing)),
                ("kms:Decrypt", key_policies.get(topics.get(topic), nothing)),
                ("kms:GenerateDataKey", key_policies.get(topics.get(topic), nothing)),
            ):
                if not allows(policy, "cloudwatch.amazonaws.com", action, alarm["arn"]):
                    yield f"{alarm['alarm_name']} can't tell {topic}: no {action} for CloudWatch"


def matches(pattern, event):
    """Whether EventBridge would take an event, by a pattern of objects and lists of values."""
    if isinstance(pattern, dict):
        return isinstance(event, dict) and all(matches(pattern[name], event.get(name)) for name in pattern)
    return any(value in pattern for value in as_list(event))


def rules_take_what_is_sent(plan):
    patterns = {
        rule["index"]: json.loads(rule["values"]["event_pattern"])
        for rule in plan.of("aws_cloudwatch_event_rule")
        if rule["values"]["event_pattern"]
    }
    if patterns:
        row = re.search(r"^\| EventBridge, detail type (.*?), any source", read("docs/events.md"), re.M)[1]
        if sorted(patterns["skill-events"]["detail-type"]) != sorted(re.findall(r"`(\w+)`", row)):
            yield "the application's events are others than those of docs/events.md"
    names = ("skill-created", "skill-updated", "skill-deleted", "rds-instance-event", "drift")
    examples = {name: json.loads(read(f"Events/skills-to-git/{name}.json")) for name in names}
    for name, event in examples.items():
        taken = {rule for rule, pattern in patterns.items() if matches(pattern, event)}
        wanted = {"rds-instance-event": {"database-events"}, "drift": set()}.get(name, {"skill-events"})
        if patterns and taken != wanted:
            yield f"Events/skills-to-git/{name}.json is taken by {sorted(taken)}"
    inputs = [target["input"] for target in plan.values("aws_cloudwatch_event_target") if target["input"]]
    if [json.loads(text) for text in inputs] != [examples["drift"]]:
        yield "the schedule of drift says something else than Events/skills-to-git/drift.json"


RULES = [
    settings_can_be_set, no_secret, least_rights, nobody_gets_in, nothing_gets_out_but, encrypted, metrics_are_the_codes,
    alarms_are_heard, rules_take_what_is_sent,
]


def problems(plan):
    return [f"{rule.__name__}: {problem}" for rule in RULES for problem in rule(Plan(plan))]
