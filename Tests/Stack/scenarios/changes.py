"""What changes while everything runs: secrets, code, the database."""

import json
import os
import zipfile

from .steps import failures, fire, update


def token_rotated(stack, scene):
    """The repository's token is changed while everything runs"""
    token = stack.repository.use_token()
    stack.put_secret("github-token", token)
    scene.step("another token, in the repository's server and in Secrets Manager")
    update(stack, scene, "Single Sign-On", "content || ' Ask us.'")
    stack.settle()
    scene.holds("skills-to-git pushed with it", stack.repository.changed_files(), ["M skills/single-sign-on.md"])
    stack.repository.edit("skills/incident-response.md", lambda text: text + "Nobody is blamed.\n", "No blame")
    stack.settle()
    scene.holds("git-to-skills fetched with it",
                stack.database.row("content", "Incident Response").endswith("\nNobody is blamed."), True)
    scene.holds("nothing failed meanwhile", failures(scene), [])


def webhook_secret_rotated(stack, scene):
    """The webhook's secret is changed: for a while the former one is valid too"""
    secret = stack.rotate_webhook_secret(on_github=False)
    scene.step("another secret in Secrets Manager, not yet on GitHub")

    def edit(words):
        return stack.repository.edit("skills/incident-response.md", lambda text: text + words + "\n", words)

    former = edit("Reviews are written.")
    stack.settle()
    stack.use_webhook_secret(secret)
    scene.step("and on GitHub")
    new = edit("Everybody may read them.")
    stack.settle()
    stack.use_webhook_secret("of somebody else")
    forged = edit("They are kept.")
    stack.settle()
    answers = {entry["commit"]: entry["answer"] for entry in stack.deliveries() if entry["event"] == "webhook"}
    scene.holds("signed with the former one, the new one, one of somebody else",
                [answers[commit] for commit in (former, new, forged)], [202, 202, 401])
    scene.holds("a metric counts the last", sum(scene.metrics("RejectedWebhooks")), 1)
    stack.use_webhook_secret(secret)
    fire(stack, scene, "git-to-skills-sweep")
    stack.settle()
    scene.holds("what no webhook told of, the schedule imports",
                stack.database.row("content", "Incident Response").endswith("\nThey are kept."), True)


def redeploy_and_rollback(stack, scene):
    """New code is deployed, and rolled back"""
    before = stack.outputs["function_versions"]
    for name in before:
        with zipfile.ZipFile(os.path.join(stack.artifacts, f"{name}.zip"), "a") as zipped:
            zipped.writestr("release.txt", "another\n")
    stack.apply()
    after = stack.outputs["function_versions"]
    scene.step(f"applied: versions {after}")
    scene.holds("no function has its former version", [name for name in before if after[name] == before[name]], [])
    update(stack, scene, "Incident Response", "content || ' Day and night.'")
    stack.settle()
    scene.holds("it runs", versions(stack, scene), after)
    position = len(scene.entries("invocation"))
    stack.apply("-var", json_variable("skills_to_git", {"version": before["skills-to-git"]}),
                "-var", json_variable("git_to_skills", {"version": before["git-to-skills"]}))
    scene.step(f"rolled back: versions {stack.outputs['function_versions']}")
    update(stack, scene, "Incident Response", "content || ' And on Sundays.'")
    stack.settle()
    scene.holds("the former runs again", versions(stack, scene, position), before)
    scene.holds("nothing failed meanwhile", failures(scene), [])


def verified_database(stack, scene):
    """The database demands TLS, and its certificate is verified by the authorities of another layer"""
    authorities = os.path.join(stack.folder, "rds.zip")
    with zipfile.ZipFile(authorities, "w") as zipped:
        zipped.writestr("etc/ssl/rds.pem", stack.database.demand_tls())
    stack.account.client("s3").create_bucket(
        Bucket="layers-of-the-test", CreateBucketConfiguration={"LocationConstraint": stack.account.region})
    stack.account.client("s3").upload_file(authorities, "layers-of-the-test", "rds.zip")
    layer = stack.account.client("lambda").publish_layer_version(
        LayerName="rds-certificates", Content={"S3Bucket": "layers-of-the-test", "S3Key": "rds.zip"})
    stack.apply("-var", f"database_ca_layer_arn={layer['LayerVersionArn']}")
    scene.step("applied with the layer")
    update(stack, scene, "Single Sign-On", "content || ' Over TLS.'")
    stack.settle()
    scene.holds("the file follows", stack.repository.changed_files(), ["M skills/single-sign-on.md"])
    scene.holds("nothing failed meanwhile", failures(scene), [])


def versions(stack, scene, since=0):
    """The version of each function that ran last."""
    ran = {entry["function"]: entry["version"] for entry in scene.entries("invocation")[since:]}
    return {name: ran.get(function) for name, function in stack.outputs["function_names"].items()}


def json_variable(name, value):
    return f"{name}={json.dumps(value)}"
