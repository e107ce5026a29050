"""What `make e2e` tries: each scenario's first line is its heading."""

import http.client
import json
import os
import threading
import time
import zipfile
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from bridge.deployed import resource_policy, split

REFUSAL = """\
error: GH013: Repository rule violations found for refs/heads/main.
Review all repository rules at https://github.com/example/skills/rules?ref=refs%2Fheads%2Fmain

- Changes must be made through a pull request."""


def what_was_there(stack, scene):
    """Before: two skills in the table, and an empty repository; the first schedule exports them"""
    stack.database.create("Incident Response", "The engineer on call is paged within five minutes.")
    stack.database.create("Single Sign-On", "SAML 2.0 and OpenID Connect work with Okta and Entra ID.")
    scene.step("two rows saved, no event")
    fire(stack, scene, "skills-to-git-sweep")
    stack.settle()
    scene.holds("one commit with both files", stack.repository.changed_files(), [
        "A skills/incident-response.md", "A skills/single-sign-on.md",
    ])
    scene.holds("the badge says so", stack.database.row('"syncStatus"', "Single Sign-On"), "synced")


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


def created_in_the_web_application(stack, scene):
    """A skill is created in the web application: it becomes a commit"""
    scene.step("somebody saves Encryption at Rest")
    skill = stack.database.create("Encryption at Rest", "Databases and backups are encrypted. Keys change every year.")
    tell(stack, scene, "SkillCreated", skill)
    stack.settle()
    scene.holds("one new file", stack.repository.changed_files(), ["A skills/encryption-at-rest.md"])
    scene.holds("the row shows the commit", stack.database.row('"syncStatus", "gitCommitSha"', "Encryption at Rest"),
                f"synced|{stack.repository.tip()}")


def edited_in_git(stack, scene):
    """A file is edited in git: its row follows"""
    scene.step("an engineer edits skills/single-sign-on.md")
    commit = stack.repository.edit(
        "skills/single-sign-on.md", lambda text: text.replace("Entra ID", "Entra ID and OneLogin"), "OneLogin works too"
    )
    stack.settle()
    scene.holds("the row has the new words", stack.database.row("content", "Single Sign-On"),
                "SAML 2.0 and OpenID Connect work with Okta and Entra ID and OneLogin.")
    scene.holds("the row shows the commit", stack.database.row('"syncStatus", "gitCommitSha"', "Single Sign-On"),
                f"synced|{commit}")


def created_in_git(stack, scene):
    """A file is created in git: it becomes a row"""
    text = """---
title: Audit Logs
categories: [Security, Product]
owners:
  - name: Ada Lovelace
    email: ada@example.com
---
Every sign-in is logged.
"""
    scene.step("an engineer adds skills/audit-logs.md")
    commit = stack.repository.edit("skills/audit-logs.md", lambda _: text, "Audit logs")
    stack.settle()
    scene.holds("there is such a row", stack.database.row('content, categories, "ownerId", status', "Audit Logs"),
                "Every sign-in is logged.|{Security,Product}|user-ada|PUBLISHED")
    scene.holds("no commit was made for it", stack.repository.tip(), commit)


def updated_in_the_web_application(stack, scene):
    """A skill is updated in the web application: its file follows"""
    update(stack, scene, "Encryption at Rest", "replace(content, 'every year', 'every 90 days')")
    stack.settle()
    scene.holds("one changed file", stack.repository.changed_files(), ["M skills/encryption-at-rest.md"])
    scene.holds("it says what the row says",
                "Keys change every 90 days." in stack.repository.text("skills/encryption-at-rest.md"), True)


def echo(stack, scene):
    """The webhook of our own push finds nothing to do"""
    update(stack, scene, "Incident Response", "content || ' Always.'")
    stack.settle()
    tip = stack.repository.tip()
    invocations = [entry["function"] for entry in scene.entries("invocation")]
    scene.holds("git-to-skills verified the webhook, and took the push out of the queue",
                sum(name.endswith("git-to-skills") for name in invocations), 2)
    scene.holds("it was told of our commit", [
        delivery["answer"] for delivery in stack.deliveries()
        if delivery["event"] == "webhook" and delivery["commit"] == tip
    ], [202])
    scene.holds("it imported nothing", scene.history(), ["export"])
    scene.holds("the row shows it", stack.database.row('"gitCommitSha"', "Incident Response"), tip)


def a_hundred_at_once(stack, scene):
    """A hundred skills are saved at the same time"""
    before = stack.repository.tip()
    titles = [f"Question {number}" for number in range(100)]
    open_ones = [stack.database.create_later(title, f"The answer to {title}.") for title in titles]

    def save(skill, commit):
        commit()
        stack.saved("SkillCreated", skill)

    threads = [threading.Thread(target=save, args=each) for each in open_ones]
    scene.step("a hundred open transactions are committed; after each comes its event")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scene.step("the last event is put")
    stack.settle(within=120)
    pushes = len(stack.repository.commits(since=before))
    scene.holds(f"there were 1 to 3 pushes: {pushes}", 1 <= pushes <= 3, True)
    files = stack.repository.files()
    scene.holds("all hundred are in git", [title for title in titles if file_of(title) not in files], [])
    scene.holds("and shown as synced", stack.database.as_application(
        """SELECT count(*) FROM "Skill" WHERE title LIKE 'Question %' AND "syncStatus" = 'synced'"""), "100")


def poison(stack, scene):
    """An event with an unknown operation ends in the dead letter queue; what comes with it doesn't"""
    mappings = stack.account.client("lambda")
    mapping = mapping_of(stack, "events")
    skill = stack.database.create("Key Management", "Keys are in a vault.")
    mappings.update_event_source_mapping(UUID=mapping, Enabled=False)
    # Who is asking the queue already does so for a second more.
    time.sleep(1.5)
    stack.put_events(("SkillUpdated", {"skillId": skill, "operation": "explode"}), ("SkillCreated", {"skillId": skill}))
    scene.step("two events in one batch, one of them with the operation `explode`")
    mappings.update_event_source_mapping(UUID=mapping, Enabled=True)
    stack.settle(within=120)
    batches = scene.entries("batch done")
    scene.holds("of the batch of two only one came again",
                [(batch["messages"], batch["failed"]) for batch in batches if batch["queue"].endswith("-events")],
                [(2, 1)] + [(1, 1)] * (most_receives(stack, "events") - 1))
    scene.holds("the other one's skill is in git", "skills/key-management.md" in stack.repository.files(), True)
    dead = stack.outputs["dead_letter_queue_urls"]["events"]
    scene.holds("the dead letter queue has one", stack.messages(dead), 1)
    scene.wait_for("SQS tells CloudWatch of it", lambda entry: (
        entry.get("metric") == "ApproximateNumberOfMessagesVisible"
        and dead.endswith(entry["dimensions"]["QueueName"]) and entry["value"] == 1))

    sqs = stack.account.client("sqs")
    message = sqs.receive_message(QueueUrl=dead)["Messages"][0]
    sqs.send_message(QueueUrl=stack.outputs["queue_urls"]["events"],
                     MessageBody=message["Body"].replace("explode", "update"))
    sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    scene.step("sent again, with its operation put right")
    stack.settle()
    scene.holds("now it is done", scene.entries("batch done")[-1]["failed"], 0)
    scene.holds("the dead letter queue is empty", stack.messages(dead), 0)


def lost_event(stack, scene):
    """A save whose event was lost is exported when RDS tells of a failover"""
    update(stack, scene, "Incident Response", "content || ' Really.'", event=False)
    stack.account.client("events").put_events(Entries=[{
        "Source": "aws.rds", "DetailType": "RDS DB Instance Event",
        "Detail": json.dumps({
            "EventCategories": ["failover"], "SourceType": "DB_INSTANCE", "SourceIdentifier": "skills",
            "Message": "Multi-AZ instance failover completed",
        }),
    }])
    stack.settle()
    scene.holds("the file follows", stack.repository.changed_files(), ["M skills/incident-response.md"])


def token_rotated(stack, scene):
    """The repository's token is changed while everything runs"""
    token = stack.repository.use_token()
    stack.put_secret("github-token", token)
    scene.step("another token, in the repository's server and in Secrets Manager")
    update(stack, scene, "Single Sign-On", "content || ' Ask us.'")
    stack.settle()
    scene.holds("skills-to-git pushed with it", stack.repository.changed_files(), ["M skills/single-sign-on.md"])
    stack.repository.edit("skills/audit-logs.md", lambda text: text + "It is kept for a year.\n", "For a year")
    stack.settle()
    scene.holds("git-to-skills fetched with it", stack.database.row("content", "Audit Logs"),
                "Every sign-in is logged.\nIt is kept for a year.")
    scene.holds("nothing failed meanwhile", failures(scene), [])


def webhook_secret_rotated(stack, scene):
    """The webhook's secret is changed: for a while the former one is valid too"""
    secret = stack.rotate_webhook_secret(on_github=False)
    scene.step("another secret in Secrets Manager, not yet on GitHub")

    def edit(words):
        return stack.repository.edit("skills/audit-logs.md", lambda text: text + words + "\n", words)

    former = edit("So are changes of settings.")
    stack.settle()
    stack.use_webhook_secret(secret)
    scene.step("and on GitHub")
    new = edit("Exports are not.")
    stack.settle()
    stack.use_webhook_secret("of somebody else")
    forged = edit("Nor are visits.")
    stack.settle()
    answers = {entry["commit"]: entry["answer"] for entry in stack.deliveries() if entry["event"] == "webhook"}
    scene.holds("signed with the former one, the new one, one of somebody else",
                [answers[commit] for commit in (former, new, forged)], [202, 202, 401])
    scene.holds("a metric counts the last", sum(scene.metrics("RejectedWebhooks")), 1)
    stack.use_webhook_secret(secret)
    fire(stack, scene, "git-to-skills-sweep")
    stack.settle()
    scene.holds("what no webhook told of, the schedule imports",
                stack.database.row("content", "Audit Logs").endswith("Nor are visits."), True)


def push_refused(stack, scene):
    """A rule of the repository refuses pushes: people are told, and nothing is lost"""
    stack.repository.refuse_pushes(REFUSAL)
    tip = stack.repository.tip()
    update(stack, scene, "Encryption at Rest", "content || ' Ask us.'")
    scene.wait_for("an export fails", lambda entry: entry.get("outcome", "").startswith("PushRejected"))
    notice = stack.notice()
    scene.step(f"SNS tells: {notice['Subject']}")
    scene.holds("the notice is about it", "refuses pushes" in notice["Subject"], True)
    scene.holds("and has the server's words", "Changes must be made through a pull request" in notice["Message"], True)
    scene.holds("a metric counts it", sum(scene.metrics("RefusedPushes")) >= 1, True)
    scene.holds("nothing was pushed", stack.repository.tip(), tip)
    stack.repository.allow_pushes()
    scene.step("the rule is gone; somebody runs skills-to-git export")
    stack.command("skills-to-git", "export")
    stack.settle(within=120)
    scene.holds("the file follows", stack.repository.changed_files(), ["M skills/encryption-at-rest.md"])
    dead = stack.outputs["dead_letter_queue_urls"]["events"]
    scene.holds("the event that failed was done later", stack.messages(dead), 0)


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


def in_the_end(stack, scene):
    """In the end both sides agree, and no log has a secret"""
    fire(stack, scene, "git-to-skills-sweep")
    fire(stack, scene, "skills-to-git-sweep")
    stack.settle()
    fire(stack, scene, "drift")
    stack.settle()
    scene.holds("the schedule of drift finds none", scene.metrics("Drift"), [0])
    rows = stack.database.as_application('SELECT count(*) FROM "Skill"')
    scene.holds(f"as many files as rows: {rows}", str(len(stack.repository.files())), rows)
    stack.bridge.functions.stop()
    logs = "".join(stack.logs())
    scene.holds("both functions wrote logs", [name in logs for name in ("exported", "imported")], [True, True])
    values = [stack.account.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
              for arn in stack.outputs["secret_arns"].values()]
    scene.holds("no secret is in them", [value in logs for value in [stack.database.password, *values]],
                [False] * (len(values) + 1))


SCENARIOS = [
    what_was_there, wiring, permissions_that_are_gone, created_in_the_web_application, edited_in_git, created_in_git,
    updated_in_the_web_application, echo, a_hundred_at_once, poison, lost_event, token_rotated, webhook_secret_rotated,
    push_refused, redeploy_and_rollback, verified_database, in_the_end,
]


def fire(stack, scene, schedule):
    name = next(rule for rule in stack.bridge.rules.schedules() if rule.endswith(schedule))
    scene.step(f"the schedule {name} is due")
    stack.bridge.rules.fire(name)


def update(stack, scene, title, content, event=True):
    """Somebody saves a skill: `content` is an SQL expression."""
    skill = stack.database.row("id", title)
    scene.step(f"somebody saves {title}")
    stack.database.as_application(
        f"""UPDATE "Skill" SET content = {content}, "updatedAt" = now() WHERE id = '{skill}'""")
    if event:
        tell(stack, scene, "SkillUpdated", skill)


def tell(stack, scene, detail_type, skill):
    scene.step(f"the application puts the event {detail_type}")
    stack.saved(detail_type, skill)


def failures(scene):
    return [entry for entry in scene.entries("invocation") if entry["outcome"] != "success"]


def versions(stack, scene, since=0):
    """The version of each function that ran last."""
    ran = {entry["function"]: entry["version"] for entry in scene.entries("invocation")[since:]}
    return {name: ran.get(function) for name, function in stack.outputs["function_names"].items()}


def file_of(title):
    return f"skills/{title.lower().replace(' ', '-')}.md"


def mapping_of(stack, queue):
    return next(
        mapping["UUID"]
        for mapping in stack.account.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        if mapping["EventSourceArn"].endswith(f"-{queue}")
    )


def most_receives(stack, queue):
    attributes = stack.account.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["queue_urls"][queue], AttributeNames=["RedrivePolicy"])["Attributes"]
    return int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])


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


def json_variable(name, value):
    return f"{name}={json.dumps(value)}"
