"""Policies of resources: whether they let a service of AWS do something. moto keeps them and asks none."""

import fnmatch
import json


def allows(policy, service, action, source_arn):
    """Whether a policy (JSON) lets `service`, for the sake of `source_arn`, do `action`."""
    statements = _listed(json.loads(policy)["Statement"])
    if any(statement["Effect"] != "Allow" for statement in statements):
        raise NotImplementedError(f"what a policy denies: {policy}")
    return any(
        service in _listed(_principal(statement))
        and any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in _listed(statement["Action"]))
        and _holds(statement.get("Condition", {}), source_arn)
        for statement in statements
    )


def _principal(statement):
    principal = statement["Principal"]
    return principal if isinstance(principal, str) else principal.get("Service", [])


def _holds(condition, source_arn):
    """Conditions about anything but where the call comes from are taken for false: an error here is a refusal."""
    found = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]}
    for operator, tests in condition.items():
        for key, values in tests.items():
            value = found.get(key.lower())
            if value is None or operator not in ("ArnEquals", "ArnLike", "StringEquals"):
                return False
            if operator == "StringEquals" and value not in _listed(values):
                return False
            if not any(fnmatch.fnmatchcase(value, pattern) for pattern in _listed(values)):
                return False
    return True


def _listed(value):
    return value if isinstance(value, list) else [value]
