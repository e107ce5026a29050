"""What is deployed under the name of a function, as Lambda's API tells it."""

from collections import namedtuple

from botocore.exceptions import ClientError

Deployed = namedtuple("Deployed", "name version code layers environment timeout memory storage role log_group")


def deployed(account, artifacts, arn):
    """The version that an ARN stands for at this moment: it may end in an alias or a version."""
    aws = account.client("lambda")
    name, qualifier = split(arn)
    version = qualifier
    if not qualifier.isdigit() and qualifier != "$LATEST":
        version = aws.get_alias(FunctionName=name, Name=qualifier)["FunctionVersion"]
    configuration = aws.get_function_configuration(FunctionName=name, Qualifier=version)
    layers = []
    for layer in configuration.get("Layers", []):
        layer_name, number = layer["Arn"].split(":")[6:8]
        published = aws.get_layer_version(LayerName=layer_name, VersionNumber=int(number))
        layers.append(published["Content"]["CodeSha256"])
    return Deployed(
        name=name,
        version=version,
        code=artifacts.file(configuration["CodeSha256"]),
        layers=artifacts.layers(layers) if layers else None,
        environment=tuple(sorted(configuration.get("Environment", {}).get("Variables", {}).items())),
        timeout=configuration["Timeout"],
        memory=configuration["MemorySize"],
        storage=configuration["EphemeralStorage"]["Size"],
        role=configuration["Role"],
        log_group=configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}",
    )


def resource_policy(account, arn):
    """The policy that says who else may invoke a function; one that allows nothing if it has none."""
    name, qualifier = split(arn)
    try:
        return account.client("lambda").get_policy(FunctionName=name, Qualifier=qualifier)["Policy"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return '{"Statement": []}'


def split(arn):
    """A function's name, and what its ARN ends in: an alias, a version, or nothing for `$LATEST`."""
    parts = arn.split(":")
    if len(parts) not in (7, 8) or parts[2] != "lambda" or parts[5] != "function":
        raise ValueError(f"{arn} is no function's ARN")
    return parts[6], parts[7] if len(parts) == 8 else "$LATEST"
