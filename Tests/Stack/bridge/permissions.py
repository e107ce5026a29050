"""Policies of resources: whether they let a service of AWS do something. moto keeps them and asks none."""

import fnmatch
import json


def allows(policy, service, action, source_arn):
    """Whether a policy (JSON) lets `service`, for the sake of `source_arn`, do `action`."""
    return any(
        statement["Effect"] == "Allow"
        and service in _listed(_principal(statement))
        and any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in _listed(statement["Action"]))
        and _holds(statement.get("Condition", {}), source_arn)
        for statement in _listed(json.loads(policy)["Statement"])
    )


def _principal(statement):
    principal = statement["Principal"]
    return principal if isinstance(principal, str) else principal.get("Service", [])


def _holds(condition, source_arn):
    """Conditions about anything but where the call comes from are taken for false: an error here is a refusal."""
    for operator, tests in condition.items():
        for key, values in tests.items():
            if key.lower() != "aws:sourcearn" or operator not in ("ArnEquals", "ArnLike", "StringEquals"):
                return False
            if operator == "StringEquals" and source_arn not in _listed(values):
                return False
            if not any(fnmatch.fnmatchcase(source_arn, value) for value in _listed(values)):
                return False
    return True


def _listed(value):
    return value if isinstance(value, list) else [value]
